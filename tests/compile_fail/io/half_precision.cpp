// A checkpoint in half precision, without a word that it is converted.
// C043 load: weight: 'weight' holds BF16 where F32 is needed, widen converts; and 1 more difference
#include <conform/conform.hpp>
#include <conform/io/manifest.hpp>

using namespace conform;

// tools/manifest.py writes this from a safetensors file.
inline constexpr weight_manifest<2> checkpoint{{{{"bias", dtype::bf16, 1, {2048}}, {"weight", dtype::bf16, 2, {2048, 512}}}}};

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
  load<checkpoint, torch_linear>(layer, file);
#else
  load<checkpoint, torch_linear>(layer, file, widen);
#endif
}
