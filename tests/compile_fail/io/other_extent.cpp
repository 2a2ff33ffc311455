// A checkpoint of a smaller model.
// C043 load: query.weight: 'in_proj_weight' has out_features=1536 where out_features=2304 is needed and in_features=512
// where in_features=768 is needed, 3 parts in one; and 7 more differences
#include <conform/conform.hpp>
#include <conform/io/manifest.hpp>

using namespace conform;

// tools/manifest.py writes this from a safetensors file.
inline constexpr weight_manifest<4> checkpoint{{{{"in_proj_bias", dtype::f32, 1, {1536}},
                                                 {"in_proj_weight", dtype::f32, 2, {1536, 512}},
                                                 {"out_proj.bias", dtype::f32, 1, {512}},
                                                 {"out_proj.weight", dtype::f32, 2, {512, 512}}}}};

// A weight_file: safetensors_file and npz_file are some.
struct my_file {
  std::span<weight_entry const> entries() const { return {}; }
  std::span<std::byte const> bytes(weight_entry const&) const { return {}; }
  std::string_view name() const { return "mine"; }
};

int main() {
  my_file const file;
#ifdef WRONG
  multi_head_attention<float, embed<768>, head<12>> layer;
  load<checkpoint, torch_attention>(layer, file);
#else
  multi_head_attention<float, embed<512>, head<8>> layer;
  load<checkpoint, torch_attention>(layer, file);
#endif
}
