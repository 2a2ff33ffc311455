// A tensor where the layer is wanted that a file's parameters are for.
// C003 load: the first argument is a layer, such as multi_head_attention
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
  linear<float, embed<512>, hidden<2048>> layer;
#ifdef WRONG
  load<checkpoint, torch_linear>(layer.weight, file);
#else
  load<checkpoint, torch_linear>(layer, file);
#endif
}
