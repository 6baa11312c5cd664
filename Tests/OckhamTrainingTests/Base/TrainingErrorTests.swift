import Testing

@testable import OckhamTraining

@Suite("What cannot be trained on")
struct TrainingErrorTests {
  private let pool = WorkerPool(threads: 1)

  private func matrix(
    rows: Int = 2, columns: Int = 3, starts: [Int] = [0, 1, 2], indices: [Int32] = [0, 2], values: [Float] = [1, 2]
  ) throws(TrainingError) -> CSRMatrix {
    try CSRMatrix(rows: rows, columns: columns, rowStarts: starts, columnIndices: indices, values: values)
  }

  private func problem(
    labels: [Float], weights: [Float]? = nil, dense: Float = 0, heads: [String] = ["small"]
  ) throws -> LogisticProblem {
    try LogisticProblem(
      sparse: Fixture.sparse(rows: 4, columns: 2), dense: DenseRows(DenseMatrix(repeating: dense, rows: 4, columns: 1)),
      labels: DenseMatrix(rows: labels.count / heads.count, columns: heads.count, values: labels), weights: weights,
      headNames: heads)
  }

  private func solve(_ problem: LogisticProblem, _ parameters: LogisticParameters = LogisticParameters()) throws {
    _ = try LogisticSolver(parameters: parameters, pool: pool).solve(problem)
  }

  @Test("sparse matrices")
  func sparse() throws {
    #expect(try matrix().entryCount == 2)
    #expect(throws: TrainingError.shape(subject: "sparse matrix, row starts", expected: 4, found: 3)) {
      try matrix(rows: 3)
    }
    #expect(throws: TrainingError.shape(subject: "sparse matrix, rows", expected: 0, found: -1)) {
      try matrix(rows: -1)
    }
    #expect(throws: TrainingError.shape(subject: "sparse matrix, first row start", expected: 0, found: 1)) {
      try matrix(starts: [1, 1, 2])
    }
    #expect(throws: TrainingError.rowStartsDecrease(row: 1, start: 3, end: 2)) { try matrix(starts: [0, 3, 2]) }
    #expect(throws: TrainingError.shape(subject: "sparse matrix, last row start", expected: 2, found: 1)) {
      try matrix(starts: [0, 1, 1])
    }
    #expect(throws: TrainingError.shape(subject: "sparse matrix, column indices", expected: 2, found: 1)) {
      try matrix(indices: [0])
    }
    for column: Int32 in [3, -1] {
      #expect(throws: TrainingError.columnOutOfRange(row: 1, entry: 1, column: Int(column), columns: 3)) {
        try matrix(indices: [0, column])
      }
    }
    #expect(throws: TrainingError.notFinite(subject: "sparse features", row: 0, column: 0, found: .infinity)) {
      try matrix(values: [.infinity, 1])
    }
  }

  @Test("dense matrices, labels, weights")
  func dense() throws {
    #expect(throws: TrainingError.shape(subject: "dense matrix, values", expected: 6, found: 5)) {
      try DenseMatrix(rows: 2, columns: 3, values: [0, 0, 0, 0, 0])
    }
    #expect(throws: TrainingError.self) { try DenseMatrix(rows: -1, columns: -1, values: [0]) }
    #expect(throws: TrainingError.notFinite(subject: "dense features", row: 0, column: 0, found: -.infinity)) {
      try problem(labels: [0, 1, 0, 1], dense: -.infinity)
    }
    #expect(throws: TrainingError.shape(subject: "labels, rows", expected: 4, found: 3)) {
      try problem(labels: [0, 1, 0])
    }
    #expect(throws: TrainingError.shape(subject: "weights", expected: 4, found: 1)) {
      try problem(labels: [0, 1, 0, 1], weights: [1])
    }
    for wrong in [Float.infinity, .nan, -1] {
      #expect { try problem(labels: [0, 1, 0, 1], weights: [1, 1, wrong, 1]) } throws: { error in
        guard case TrainingError.outOfRange("weights", 2, 0, _, _) = error else { return false }
        return true
      }
    }
    #expect(
      throws: TrainingError.outOfRange(
        subject: "labels", row: 1, column: 1, expected: "0…1, or NaN where unknown", found: 1.5)
    ) { try problem(labels: [0, 0, 1, 1.5, 0, 0, 1, 1], heads: ["a", "b"]) }
  }

  @Test("heads that cannot be learnt")
  func heads() throws {
    #expect(throws: TrainingError.noLabels(head: "small", rows: 4)) {
      try solve(problem(labels: [.nan, .nan, .nan, .nan]))
    }
    #expect(throws: TrainingError.oneOutcome(head: "b", labels: 3, value: 1, needed: 1)) {
      try solve(
        problem(labels: [0, 1, 1, .nan, 1, 1, 0, 1], heads: ["a", "b"]),
        LogisticParameters(minimumLabelsPerOutcome: 1))
    }
    #expect(throws: TrainingError.tooFewOutcomes(head: "small", good: 2, bad: 2, needed: 10)) {
      try solve(problem(labels: [0, 1, 0, 1]))
    }
    #expect(throws: TrainingError.noLabels(head: "small", rows: 4)) {
      try solve(problem(labels: [0, 1, 0, 1], weights: [0, 0, 0, 0]))
    }
    #expect(throws: Never.self) {
      try solve(problem(labels: [0.5, 0.5, 0.5, 0.5]), LogisticParameters(minimumLabelsPerOutcome: 2))
    }
  }

  @Test("softmax heads that cannot be learnt")
  func classes() throws {
    func solve(_ classes: [Int?], count: Int = 3) throws {
      let problem = try SoftmaxProblem(
        sparse: Fixture.sparse(rows: 4, columns: 2), dense: DenseRows(Fixture.dense(rows: 4, columns: 1)),
        classes: classes,
        classCount: count, headName: "task")
      _ = try SoftmaxSolver(parameters: LogisticParameters(), pool: pool).solve(problem)
    }
    #expect(throws: Never.self) { try solve([0, 2, nil, nil]) }
    #expect(throws: TrainingError.noLabels(head: "task", rows: 4)) { try solve([nil, nil, nil, nil]) }
    #expect(throws: TrainingError.oneClass(head: "task", labels: 3, found: 1)) { try solve([1, nil, 1, 1]) }
    #expect(throws: TrainingError.parameter(name: "classCount", expected: "at least 2", found: "1")) {
      try solve([0, 0, 0, 0], count: 1)
    }
    #expect(throws: TrainingError.shape(subject: "class labels", expected: 4, found: 1)) { try solve([0]) }
    #expect(throws: TrainingError.self) { try solve([0, 1, 3, 0]) }
    #expect(throws: TrainingError.self) { try solve([0, 1, -1, 0]) }
  }

  @Test("settings out of their range")
  func parameters() {
    let wrong = [
      "l2Sparse": LogisticParameters(l2Sparse: -1), "l2Dense": LogisticParameters(l2Dense: .nan),
      "gradientTolerance": LogisticParameters(gradientTolerance: 0),
      "maximumIterations": LogisticParameters(maximumIterations: 0), "memory": LogisticParameters(memory: 0),
      "minimumLabelsPerOutcome": LogisticParameters(minimumLabelsPerOutcome: 0),
    ]
    for (name, parameters) in wrong {
      #expect { try parameters.check() } throws: { error in
        guard case TrainingError.parameter(name, _, _) = error else { return false }
        return true
      }
    }
  }

  @Test("messages say where, what was expected, what was found and what to do")
  func messages() {
    let expected: [(TrainingError, String)] = [
      (
        .oneOutcome(head: "small", labels: 812, value: 1, needed: 10),
        "head 'small': every one of 812 labels is 1.0; at least 10 of each outcome are needed to learn from"
      ),
      (
        .tooFewOutcomes(head: "mid", good: 3, bad: 90, needed: 10),
        "head 'mid': the labels sum to 3.0 good and 90.0 bad; at least 10 of each outcome are needed to learn from"
      ),
      (
        .noLabels(head: "mid", rows: 7),
        "head 'mid': none of 7 rows has a label; add outcomes for it or leave the head out"
      ),
      (
        .oneClass(head: "task", labels: 5, found: 1),
        "head 'task': 5 labels name 1 class(es); at least 2 classes are needed to learn from"
      ),
      (
        .columnOutOfRange(row: 1, entry: 4, column: 9, columns: 8),
        "sparse matrix, row 1, entry 4: expected a column in 0..<8, found 9"
      ),
      (
        .rowStartsDecrease(row: 1, start: 3, end: 2),
        "sparse matrix, row 1: starts at entry 3 but ends at 2; row starts must not decrease"
      ),
      (
        .shape(subject: "weights", expected: 4, found: 1),
        "weights: expected 4, found 1; all parts of one problem must agree in size"
      ),
      (
        .tooFewRows(subject: "5 folds, groups of rows", needed: 5, found: 4),
        "5 folds, groups of rows: at least 5 are needed, found 4; add data or ask for fewer folds"
      ),
      (.parameter(name: "folds", expected: "at least 2", found: "1"), "parameter folds: expected at least 2, found 1"),
      (
        .notFinite(subject: "logits", row: 2, column: 0, found: .infinity),
        "logits, row 2, column 0: expected a finite number, found inf; repair or drop the row"
      ),
      (
        .diverged(subject: "network", iteration: 3),
        "network: the loss is not finite at iteration 3; lower the learning rate or rescale the features"
      ),
    ]
    for (error, message) in expected { #expect(error.description == message) }
  }
}
