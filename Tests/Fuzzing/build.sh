# Builds the fuzz targets straight with the compiler; sourced by run and threads.
#
# A package of its own could not reach what is not public in Ockham's products, and would compile GRDB.
root=$(cd ../.. && pwd)
scratch=${SCRATCH:-$PWD/.build}
sanitizers=fuzzer,address
all_targets=(Model ModelParts Log Request Score Response Schema EventStream OckhamC Framing Configuration)
shim=$root/Sources/CSimdJSON
mkdir -p "$scratch"
echo "module CSimdJSON { header \"$shim/include/CSimdJSON.h\" export * }" >"$scratch/CSimdJSON.modulemap"

# The package that sources belong to, and where their imports are.
modules=(-package-name ockham -I "$scratch" -I "$root/Sources/CZlib" -I "$root/Sources/COckham"
  -Xcc -fmodule-map-file="$scratch/CSimdJSON.modulemap")

# compile ARGUMENT...: optimised, so that it is fast, but with all checks of bounds and overflow.
compile() {
  swiftc -O -wmo -parse-as-library -swift-version 6 -sanitize="$sanitizers" -use-ld=lld \
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature ExistentialAny -enable-testing \
    "${modules[@]}" "$@"
}

# tool NAME ARGUMENT...: a program that goes with the compiler.
tool() { "$(dirname "$(readlink -f "$(command -v swiftc)")")/$1" "${@:2}"; }

# can_fuzz: whether the toolchain has libFuzzer and the address sanitizer for this machine.
can_fuzz() {
  local probe="$scratch/probe.swift"
  echo '@c(LLVMFuzzerTestOneInput) public func probe(_: UnsafePointer<UInt8>?, _: Int) -> CInt { 0 }' >"$probe"
  if [ "$(uname)" = Linux ] && compile "$probe" -o "$scratch/probe" >"$scratch/probe.log" 2>&1; then return 0; fi
  echo "fuzzing: SKIPPED: this toolchain cannot link libFuzzer with the address sanitizer; see $scratch/probe.log"
  return 1
}

# is_fresh OUTPUT INPUT...: whether the output is newer than every input.
is_fresh() {
  local output=$1 && shift
  [ -e "$output" ] && [ -z "$(find "$@" -newer "$output" -print -quit)" ]
}

# build_library NAME "LIBRARY..." SOURCE...: a module that imports the libraries.
build_library() {
  local name=$1 library imported=()
  for library in $2; do imported+=("$scratch/$library.o"); done
  shift 2
  is_fresh "$scratch/$name.o" "$@" "${imported[@]}" || {
    echo "fuzzing: compiling $name"
    compile -module-name "$name" -emit-module -emit-module-path "$scratch/$name.swiftmodule" -c -o "$scratch/$name.o" "$@"
    touch "$scratch/$name.o"  # The compiler leaves an output alone whose bytes stay the same.
  }
}

# swift_sources FOLDER...: all sources but those that need SQLite or logged answers.
swift_sources() {
  find "$@" -name '*.swift' -exec grep -LE 'import GRDB|SQLiteReader|SQLiteWriter|LogSource|AnswerRecord' {} + | sort
}

build_ockham() { build_library Ockham "" $(swift_sources "$root/Sources/Ockham"); }

build_shim() {
  is_fresh "$scratch/CSimdJSON.o" "$shim" ||
    tool clang++ -O2 -std=c++17 -fsanitize=fuzzer-no-link,address -I "$shim/include" -c "$shim/CSimdJSON.cpp" \
      -o "$scratch/CSimdJSON.o"
}

build_libraries() {
  build_shim
  build_ockham
  build_library OckhamC Ockham $(swift_sources "$root/Sources/OckhamC")
  build_library TextKit "" $(swift_sources "$root/Sources/TextKit")
  build_library RequestLog "Ockham TextKit" $(swift_sources "$root/Sources/RequestLog" | grep -vE '/(Import|Tiers)/')
}

# find_package: for targets whose sources import other packages, what SwiftPM left of a debug build of this one: where its
# modules are, and an archive of all objects.
find_package() {
  local map build=${PACKAGE_BUILD:-$root/.build/debug}
  [ -e "$build/Modules/GatewayCore.swiftmodule" ] && [ -e "$build/Modules/NIOEmbedded.swiftmodule" ] || {
    echo "fuzzing: Framing and Configuration are linked with modules of the package, and $build has none." >&2
    echo "fuzzing: run this first, in $root: swift build --build-tests (or name another build: PACKAGE_BUILD=FOLDER)" >&2
    return 1
  }
  build=$(cd "$build" && pwd -P)
  checkouts=$(cd "$build/../../checkouts" && pwd)
  # SwiftPM names a package by its folder. What is declared `package` is open to that name alone.
  package_modules=(-I "$build/Modules" -package-name "$(sed -n \
    's/.*"-module-name","GatewayCore".*"-package-name","\([^"]*\)".*/\1/p' "$build/../../debug.yaml" | head -1)")
  for map in "$build"/*.build/module.modulemap "$checkouts"/*/Sources/{C,_}*/include/module.modulemap; do
    package_modules+=(-Xcc -fmodule-map-file="$map")
  done
  is_fresh "$scratch/package.a" "$build"/*.build || {
    # Without what has a main function, or libraries of its own.
    find "$build"/*.build -name '*.o' ! -name '*.swiftmodule.o' |
      grep -vE '/([A-Za-z]*Tests|[^/]*-tool|ockham[^/]*|Ockham(CLI|Serve|Training|MPI)|Gateway|Workflow|GRDB|CSimdJSON)\.build/' |
      sed 's/.*/"&"/' >"$scratch/package.objects"
    rm -f "$scratch/package.a"
    tool llvm-ar rcsT "$scratch/package.a" "@$scratch/package.objects"
  }
}

# build_parser NAME FOLDER: the C that a dependency parses with, compiled anew, so that it is watched and guides.
build_parser() {
  local source
  is_fresh "$scratch/$1.o" "$2" || {
    for source in "$2"/*.c; do
      tool clang -O2 -w -fsanitize=fuzzer-no-link,address -I "$2/include" -I "$2/../include" -c "$source" \
        -o "$scratch/$1.$(basename "$source").o"
    done
    tool ld.lld -r "$scratch/$1".*.c.o -o "$scratch/$1.o"
  }
}

# build_target NAME
build_target() {
  local library modules=("${modules[@]}") libraries=(Ockham) objects=() links=() sources=(Shared/*.swift Shared/Runtime/*.swift)
  case $1 in
    OckhamC) libraries+=(OckhamC) sources+=(Shared/C/*.swift) ;;
    Log | Request) libraries+=(TextKit RequestLog) ;;
    Schema) libraries+=(TextKit) ;;
    EventStream)
      # These files alone: the rest of their target needs swift-crypto.
      libraries+=(TextKit)
      sources+=("$root"/Sources/ChatProtocols/Reading/{FrameReader,ServerSentEvent,ServerSentEventParser}.swift)
      sources+=("$root/Sources/ChatProtocols/Providers/Bedrock/EventStreamReader.swift")
      ;;
    Framing)
      build_parser CNIOLLHTTP "$checkouts/swift-nio/Sources/CNIOLLHTTP"
      modules=("${package_modules[@]}") libraries=() objects=("$scratch/CNIOLLHTTP.o" "$scratch/package.a")
      sources=(Shared/FuzzInput.swift Shared/HTTP/*.swift "$root"/Sources/Gateway/Sharing/{FairShare,Party}.swift)
      sources+=("$root"/Sources/Gateway/Calls/{ConnectionMonitor,CallToken}.swift)
      sources+=("$root"/Sources/Gateway/Server/{Connection,ConnectionHandler,ConnectionTable}.swift)
      sources+=("$root"/Sources/Gateway/Server/{HeadRules,IncomingRequest,ParseFaultHandler}.swift)
      ;;
    Configuration)
      build_parser CYaml "$checkouts/Yams/Sources/CYaml/src"
      modules=("${package_modules[@]}") libraries=() objects=("$scratch/CYaml.o" "$scratch/package.a")
      sources=(Shared/FuzzInput.swift "$root"/Sources/GatewayCore/Configuration/{,Reading/}*.swift)
      ;;
  esac
  for library in "${libraries[@]}"; do objects+=("$scratch/$library.o"); done
  case $1 in Log | Request) objects+=("$scratch/CSimdJSON.o") links=(-lsimdjson -lstdc++) ;; esac
  is_fresh "$scratch/$1" "${sources[@]}" "Targets/$1.swift" "${objects[@]}" || {
    echo "fuzzing: compiling the target $1"
    compile -module-name "Fuzz$1" "${sources[@]}" "Targets/$1.swift" "${objects[@]}" "${links[@]}" -o "$scratch/$1"
  }
}
