// A matrix with a row for each input, by a table that says a row for each output.
// C043 load: weight: 'kernel' has out_features=512 where out_features=2048 is needed and in_features=2048 where
// in_features=512 is needed; it fits in_by_out
// Why: Which way a matrix lies is said by the table and checked where it can be, and never guessed.
#include <conform/conform.hpp>
#include <conform/io/manifest.hpp>

using namespace conform;

// tools/manifest.py writes this from a safetensors file.
inline constexpr weight_manifest<2> checkpoint{{{{"bias", dtype::f32, 1, {2048}}, {"kernel", dtype::f32, 2, {512, 2048}}}}};
inline constexpr weight_names by_outputs{weight_name("weight", "kernel", out_by_in), weight_name("bias", "bias")};
inline constexpr weight_names by_inputs{weight_name("weight", "kernel", in_by_out), weight_name("bias", "bias")};

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
  load<checkpoint, by_outputs>(layer, file);
#else
  load<checkpoint, by_inputs>(layer, file);
#endif
}
