extension Model {
  /// The version of the layout of tensors and metadata.
  public static let formatName = "ockham/1"

  /// The version of files that hold a part beside the prompt's heads; see <doc:ModelFileFormat2>.
  public static let partsFormatName = "ockham/2"

  /// Loads a model from the bytes of a file.
  ///
  /// Every name, type, shape, value and version is checked, and the tensors against the file's checksum where it has one: a
  /// file that passes cannot make scoring fail.
  ///
  /// - Parameter bytes: the whole file.
  /// - Throws: a ``ModelFileError`` that says what was expected and found.
  /// - Complexity: O(bytes). Allocates the model's tensors once; the bytes may go afterwards.
  public init(_ bytes: [UInt8]) throws(ModelFileError) {
    contents = try ModelContents(bytes)
  }
}
