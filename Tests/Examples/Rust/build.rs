//! Finds libockham in OCKHAM_PREFIX.
fn main() {
    let prefix = std::env::var("OCKHAM_PREFIX").expect("set OCKHAM_PREFIX to where libockham is installed");
    println!("cargo:rustc-link-search=native={prefix}/lib");
    println!("cargo:rustc-link-lib=dylib=ockham");
    println!("cargo:rustc-link-arg=-Wl,-rpath,{prefix}/lib");
    println!("cargo:rerun-if-env-changed=OCKHAM_PREFIX");
}
