// The memory of a layer of one's own whose table has as many rows as its file.
// C027 parameter_bytes: only the run knows an extent of a parameter, call parameter_bytes(layer)
#include <conform/conform.hpp>
using namespace conform;

struct table {
  using weight_type = tensor<float, vocab<dyn<"V">>, embed<4>>;
  BOOST_HANA_DEFINE_STRUCT(table, (weight_type, weight));
};

int main() {
  table layer{table::weight_type(bind<"V">(30000))};
#ifdef WRONG
  auto bytes = parameter_bytes<table>();
#else
  auto bytes = parameter_bytes(layer);
#endif
  (void)bytes, (void)layer;
}
