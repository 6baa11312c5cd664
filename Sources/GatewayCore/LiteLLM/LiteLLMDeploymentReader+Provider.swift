import ChatProtocols

/// Where a deployment's provider is, and its credentials.
extension LiteLLMDeploymentReader {
  func draft(
    of provider: LiteLLMProvider, name: String, model: String, _ parameters: LiteLLMMapping, place: String
  ) -> LiteLLMDraft? {
    var draft = LiteLLMDraft(kind: provider.kind)
    draft.baseURL = provider.baseURL
    if let address = parameters.setting("api_base", "base_url") {
      guard let url = baseURL(address, suffix: provider.suffix, place: place) else { return nil }
      draft.baseURL = url
    }
    draft.totalSeconds = parameters.number("timeout").flatMap { $0 > 0 ? $0 : nil }
    draft.firstTokenSeconds = parameters.number("stream_timeout").flatMap { $0 > 0 ? $0 : nil }
    readHeaders(parameters, &draft)
    switch provider.kind {
    case .bedrock: readBedrock(parameters, &draft)
    case .vertex: guard readVertex(model, parameters, &draft, place: place) else { return nil }
    case .azure: readAzure(parameters, &draft)
    default: draft.keyVariables = keyVariables(parameters, of: name, usual: provider.keyVariable)
    }
    let needsAddress =
      draft.kind == .openai && draft.baseURL == nil && name != "openai" && name != "text-completion-openai"
    guard !needsAddress else {
      notes.add("\(place): left out: it has no api_base")
      return nil
    }
    if let url = draft.baseURL.flatMap(BaseURL.init), !url.isSecure, !url.isPrivate, !draft.keyVariables.isEmpty {
      draft.baseURL = "https" + url.text.dropFirst(4)
      notes.add("\(place): api_base: http would show the key on the way; written as https")
    }
    return draft
  }

  /// A base URL that may stand in the file. One that only a variable knows, which is not set now, becomes a host that is
  /// none.
  private func baseURL(_ setting: LiteLLMSetting, suffix: String, place: String) -> String? {
    if case .variable(let name) = setting, setting.value(environment) == nil {
      notes.add(
        "api_base: \(LiteLLMNotes.shown(name)) is not set: write the address where set-the-address.invalid stands")
      return "https://set-the-address.invalid" + suffix
    }
    guard let url = BaseURL(setting.value(environment) ?? "") else {
      notes.add("\(place): left out: api_base is no plain URL")
      return nil
    }
    return url.text.hasSuffix(suffix) ? url.text : url.text + suffix
  }

  /// The variable of a key. A key in the file is not copied: a variable is named for it.
  func keyVariables(_ parameters: LiteLLMMapping, of name: String, usual: String?) -> [String] {
    variable(parameters.setting("api_key"), "api_key", instead: usual ?? Self.variableName(name, "API_KEY"))
      .map { [$0] } ?? usual.map { [$0] } ?? []
  }

  /// The variable that a secret is in; `nil` where there is no secret.
  private func variable(_ setting: LiteLLMSetting?, _ key: String, instead: String) -> String? {
    switch setting {
    case nil, .text(""): return nil
    case .variable(let name): return name
    case .text:
      notes.add("\(key) in the file: not copied; put the secret into the environment as \(instead)")
      return instead
    }
  }

  static func variableName(_ provider: String, _ end: String) -> String {
    let name = provider.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    return String(name) + "_" + end
  }

  private func readHeaders(_ parameters: LiteLLMMapping, _ draft: inout LiteLLMDraft) {
    for key in ["headers", "extra_headers"] {
      let headers = LiteLLMMapping(parameters[key])
      for name in headers.keys {
        guard let value = headers.setting(name), case .text(let text) = value,
          !SecretText.fieldNames.contains(name.lowercased()), !SecretText.looksLikeOne(text),
          text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
        else {
          notes.add("\(key).\(LiteLLMNotes.shown(name)): not carried over: it may hold a secret")
          continue
        }
        draft.headers[name.lowercased()] = text
      }
    }
    if let organization = parameters.setting("organization")?.value(environment) {
      draft.headers["openai-organization"] = organization
    }
  }

  private func readAzure(_ parameters: LiteLLMMapping, _ draft: inout LiteLLMDraft) {
    if draft.baseURL == nil {
      draft.baseURL = baseURL(.variable("AZURE_API_BASE"), suffix: "", place: "azure")
    }
    if let place = draft.baseURL?.firstRange(of: "/deployments") {
      draft.baseURL = String(draft.baseURL?[..<place.lowerBound] ?? "")
    }
    let version = parameters.setting("api_version")
    if let text = version?.value(environment) {
      draft.query = "api-version=\(text)"
    } else if version != nil {
      notes.add("api_version: its variable is not set: the gateway's own stands")
    }
    let token = variable(parameters.setting("azure_ad_token"), "azure_ad_token", instead: "AZURE_AD_TOKEN")
    draft.keyVariables = token.map { [$0] } ?? keyVariables(parameters, of: "azure", usual: "AZURE_API_KEY")
  }

  private func readBedrock(_ parameters: LiteLLMMapping, _ draft: inout LiteLLMDraft) {
    let region = parameters.setting("aws_region_name")?.value(environment)
    draft.region = region ?? environment("AWS_REGION_NAME") ?? environment("AWS_REGION")
    if draft.region == nil {
      draft.region = "us-east-1"
      notes.add("aws_region_name: none is known: written as us-east-1")
    }
    if let profile = parameters.setting("aws_profile_name")?.value(environment) {
      draft.command = ["aws", "configure", "export-credentials", "--format", "process", "--profile", profile]
      return
    }
    let key = variable(parameters.setting("aws_access_key_id"), "aws_access_key_id", instead: "AWS_ACCESS_KEY_ID")
    draft.keyVariables = [key ?? "AWS_ACCESS_KEY_ID"]
    for (name, part, usual) in [
      ("aws_secret_access_key", "secret", "AWS_SECRET_ACCESS_KEY"),
      ("aws_session_token", "session_token", "AWS_SESSION_TOKEN"),
    ] {
      guard let variable = variable(parameters.setting(name), name, instead: usual), variable != usual else { continue }
      draft.partVariables[part] = variable
    }
  }

  private func readVertex(
    _ model: String, _ parameters: LiteLLMMapping, _ draft: inout LiteLLMDraft, place: String
  ) -> Bool {
    guard model.contains("gemini") else {
      notes.add("\(place): left out: of Vertex AI, Gemini's models alone can be asked")
      return false
    }
    let location = parameters.setting("vertex_location")?.value(environment) ?? "us-central1"
    let project = parameters.setting("vertex_project")?.value(environment) ?? environment("VERTEXAI_PROJECT")
    if project == nil { notes.add("vertex_project: none is known: write it where set-the-project stands") }
    if draft.baseURL == nil {
      let host = location == "global" ? "aiplatform.googleapis.com" : "\(location)-aiplatform.googleapis.com"
      draft.baseURL =
        "https://\(host)/v1/projects/\(project ?? "set-the-project")/locations/\(location)/publishers/google"
    }
    notes.add(
      "vertex_ai: a program prints the key: gcloud, as who is logged in; vertex_credentials are not carried over")
    draft.command = ["gcloud", "auth", "print-access-token"]
    return true
  }
}
