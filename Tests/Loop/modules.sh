# Compiles Evaluation and what it stands on with optimisation into a folder, without the package's other targets, and programs against it.

# is_current PROGRAM FOLDER: whether a program is newer than the sources that it is made of
is_current() {
  [ -x "$1" ] && [ -z "$(find "$root"/Sources/{Ockham,TextKit,Statistics,Evaluation} "$2" -newer "$1" -name '*.swift')" ]
}

# compile_program PROGRAM FOLDER: beside the modules in $build
compile_program() {
  mkdir -p "$build"
  local flags=(-O -wmo -swift-version 6 -package-name ockham -I "$build" -enable-upcoming-feature InternalImportsByDefault)
  for module in Ockham TextKit Statistics Evaluation; do
    echo "compiling $module" >&2
    # shellcheck disable=SC2046 # no file of the repository has a space in its name
    swiftc "${flags[@]}" -parse-as-library -emit-module -emit-module-path "$build/$module.swiftmodule" \
      -module-name "$module" -c -o "$build/$module.o" $(find "$root/Sources/$module" -name '*.swift')
  done
  swiftc "${flags[@]}" -module-name simulate -o "$1" "$2"/*.swift "$build"/{Ockham,TextKit,Statistics,Evaluation}.o
}
