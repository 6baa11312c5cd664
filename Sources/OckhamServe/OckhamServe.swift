@main struct OckhamServe { static func main() {} }
