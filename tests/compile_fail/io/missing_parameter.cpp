// A checkpoint without biases, and a layer that has them.
// C043 load: missing bias [out_features=2048]: there is no 'fc1.bias'
// Why: What a model is loaded from is known before it is shipped: a checkpoint that does not fit is a program that does not
// compile.
// Run time: `load(layer, file, table)` lists all differences in a `load_error`, and the layer stays as it was.
#include <conform/conform.hpp>
#include <conform/io/manifest.hpp>

using namespace conform;

// tools/manifest.py writes this from a safetensors file.
inline constexpr weight_manifest<1> checkpoint{{{{"fc1.weight", dtype::f32, 2, {2048, 512}}}}};
inline constexpr under fc1{"", "fc1.", torch_linear};

// A weight_file: safetensors_file and npz_file are some.
struct my_file {
  std::span<weight_entry const> entries() const { return {}; }
  std::span<std::byte const> bytes(weight_entry const&) const { return {}; }
  std::string_view name() const { return "mine"; }
};

int main() {
  my_file const file;
#ifdef WRONG
  linear<float, embed<512>, hidden<2048>> layer;
  load<checkpoint, fc1>(layer, file);
#else
  linear<float, embed<512>, hidden<2048>, without_bias> layer;
  load<checkpoint, fc1>(layer, file);
#endif
}
