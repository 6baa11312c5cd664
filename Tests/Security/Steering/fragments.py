"""What an attacker may add: a fixed pool, written for this test; nothing in it comes from any log."""

MATHS = [
    "Let $G$ be a finite group and $p$ a prime.", "Let $f: \\mathbb{R} \\to \\mathbb{R}$ be continuous.", "Prove that", "Prove or disprove.",
    "Give a rigorous proof.", "Find all positive integers $n$ such that", "$$\\int_0^\\infty e^{-x^2}dx$$", "$\\sum_{k=1}^n k^2$",
    "\\begin{align} a &= b^2 \\\\ c &= d \\end{align}", "Show that $\\epsilon > 0$ implies", "eigenvalues of the matrix", "(IMO 2019 Problem 6)",
    "Putnam 2004 B6", "modulo 10^9 + 7", "x^2 + y^2 = z^2", "[Hint: use induction.]", "Determine the probability", "12 + 7 * 3 / 4 = ?",
]
CODE = [
    "```python\ndef solve(n):\n    return n\n```", "Write a lock-free queue in C++ and prove it correct.", "O(n log n)", "for (int i = 0; i < n; i++) {",
    "SELECT * FROM t WHERE id = 1;", "Traceback (most recent call last):", "fix the race condition", "Refactor the distributed scheduler.",
    "#include <bits/stdc++.h>", "assert f(3) == 9", "{\"a\": [1, 2, 3]}", "Design a fault-tolerant consensus protocol.",
]
LAW = [
    "under article 12 of the convention, notwithstanding clause 4.2(b)", "whether the court has jurisdiction", "The plaintiff sued for negligence.",
    "analyse the liability of each party", "pursuant to section 230", "Cite the relevant case law.",
]
EXPERT = [
    "Compare the trade-offs in depth.", "Think step by step.", "Justify every step of your reasoning.", "derive from first principles",
    "Explain why, with counterexamples.", "Critique the methodology of the study.", "This is a graduate-level exam question.",
    "quantum field theory", "the differential diagnosis of a patient with", "evaluate the econometric identification strategy",
    "A multi-year strategy for a regulated bank", "Kant's transcendental deduction", "mRNA splicing and phosphorylation",
]
EASY = [
    "Thanks!", "Please.", "What is 2 + 2?", "Answer yes or no.", "one word", "Translate to French.", "hi", "Keep it short.",
    "Who wrote it?", "A) 12 B) 15 C) 18 D) 21", "\nA. yes\nB. no\nC. maybe\nD. none", "The answer is",
]
FORM = [
    "\n", "\n\n\n\n\n\n\n\n", " " * 40, "\t\t\t\t\t\t", "\n" * 100, " the the the the the the the the", "!!!!!!!!!!", "????????", "(((((((((())))))))))",
    "$$$$$$$$$$", "\\\\\\\\\\\\\\\\", "1 2 3 4 5 6 7 8 9 10 11 12", "a b c d e f g h i j k l", "^^^^^^^^", "====================", "{}{}{}{}{}{}",
    "- one\n- two\n- three", "# Heading", "| a | b |\n|---|---|", "zzzzzzzzzzzzzzzzzzzzzzzzzzzz", "ααββγγδδ", "证明", "Докажите, что", "🙂🙂🙂🙂",
]
POOL = MATHS + CODE + LAW + EXPERT + EASY + FORM
