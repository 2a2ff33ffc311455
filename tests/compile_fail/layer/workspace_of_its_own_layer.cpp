// The workspace of a layer that does not say what it allocates.
// C003 workspace_bytes: the layer has no function planned, which says what it allocates
#include <conform/conform.hpp>
using namespace conform;

struct twice {
  template <tensor_like X>
  auto operator()(X const& x) const {
    return scaled(x, 2);
  }
};

int main() {
  tensor<float, token<6>, embed<64>> x;
#ifdef WRONG
  auto bytes = workspace_bytes(twice(), x);
#else
  std::size_t bytes = workspace_bytes(layer_normalization<float, embed<64>>(), x);
#endif
  (void)bytes;
}
