// A checkpoint with an array that no parameter is made from.
// C043 load: extra 'bias' F32 [2048]: no parameter is made from it
// Why: What is left over was meant for something: a bias, a scale, a layer that is missing here.
#include <conform/conform.hpp>
#include <conform/io/manifest.hpp>

using namespace conform;

// tools/manifest.py writes this from a safetensors file.
inline constexpr weight_manifest<2> checkpoint{{{{"bias", dtype::f32, 1, {2048}}, {"weight", dtype::f32, 2, {2048, 512}}}}};

// A weight_file: safetensors_file and npz_file are some.
struct my_file {
  std::span<weight_entry const> entries() const { return {}; }
  std::span<std::byte const> bytes(weight_entry const&) const { return {}; }
  std::string_view name() const { return "mine"; }
};

int main() {
  my_file const file;
#ifdef WRONG
  linear<float, embed<512>, hidden<2048>, without_bias> layer;
  load<checkpoint, torch_linear>(layer, file);
#else
  linear<float, embed<512>, hidden<2048>> layer;
  load<checkpoint, torch_linear>(layer, file);
#endif
}
