# Builds the fuzz targets straight with the compiler; sourced by run and threads.
#
# A package of its own could not reach what is not public in Ockham's products, and would compile GRDB.
root=$(cd ../.. && pwd)
scratch=${SCRATCH:-$PWD/.build}
sanitizers=fuzzer,address
all_targets=(Model ModelParts Log Request Score Schema EventStream OckhamC)
shim=$root/Sources/CSimdJSON
mkdir -p "$scratch"
echo "module CSimdJSON { header \"$shim/include/CSimdJSON.h\" export * }" >"$scratch/CSimdJSON.modulemap"

# compile ARGUMENT...: optimised, so that it is fast, but with all checks of bounds and overflow.
compile() {
  swiftc -O -wmo -parse-as-library -swift-version 6 -package-name ockham -sanitize="$sanitizers" -use-ld=lld \
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature ExistentialAny -enable-testing \
    -I "$scratch" -I "$root/Sources/CZlib" -I "$root/Sources/COckham" \
    -Xcc -fmodule-map-file="$scratch/CSimdJSON.modulemap" "$@"
}

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
  local clang
  is_fresh "$scratch/CSimdJSON.o" "$shim" || {
    clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang++
    "$clang" -O2 -std=c++17 -fsanitize=fuzzer-no-link,address -I "$shim/include" -c "$shim/CSimdJSON.cpp" \
      -o "$scratch/CSimdJSON.o"
  }
}

build_libraries() {
  build_shim
  build_ockham
  build_library OckhamC Ockham $(swift_sources "$root/Sources/OckhamC")
  build_library TextKit "" $(swift_sources "$root/Sources/TextKit")
  build_library RequestLog "Ockham TextKit" $(swift_sources "$root/Sources/RequestLog" | grep -vE '/(Import|Tiers)/')
}

# build_target NAME
build_target() {
  local library libraries=(Ockham) objects=() links=() sources=(Shared/*.swift Shared/Runtime/*.swift)
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
  esac
  for library in "${libraries[@]}"; do objects+=("$scratch/$library.o"); done
  case $1 in Log | Request) objects+=("$scratch/CSimdJSON.o") links=(-lsimdjson -lstdc++) ;; esac
  is_fresh "$scratch/$1" "${sources[@]}" "Targets/$1.swift" "${objects[@]}" || {
    echo "fuzzing: compiling the target $1"
    compile -module-name "Fuzz$1" "${sources[@]}" "Targets/$1.swift" "${objects[@]}" "${links[@]}" -o "$scratch/$1"
  }
}
