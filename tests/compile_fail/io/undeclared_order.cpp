// A square matrix by a table that does not say which way it lies.
// C043 load: weight: the table does not say the order of 'weight', in_by_out or out_by_in
// Why: A square matrix fits both ways, and the wrong one gives wrong numbers without a word.
#include <conform/conform.hpp>
#include <conform/io/manifest.hpp>

using namespace conform;

// tools/manifest.py writes this from a safetensors file.
inline constexpr weight_manifest<2> checkpoint{{{{"bias", dtype::f32, 1, {512}}, {"weight", dtype::f32, 2, {512, 512}}}}};
inline constexpr weight_names silent{weight_name("weight", "weight"), weight_name("bias", "bias")};

// A weight_file: safetensors_file and npz_file are some.
struct my_file {
  std::span<weight_entry const> entries() const { return {}; }
  std::span<std::byte const> bytes(weight_entry const&) const { return {}; }
  std::string_view name() const { return "mine"; }
};

int main() {
  my_file const file;
  linear<float, embed<512>, hidden<512>> layer;
#ifdef WRONG
  load<checkpoint, silent>(layer, file);
#else
  load<checkpoint, torch_linear>(layer, file);
#endif
}
