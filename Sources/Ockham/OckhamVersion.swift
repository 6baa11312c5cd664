/// The version of Ockham: of the runtime, the programs and the files that they write.
public enum OckhamVersion {
  /// Three numbers with dots, as Semantic Versioning 2.0.0 orders them.
  public static let text = "0.1.0"
}
