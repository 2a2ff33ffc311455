// A product of which only the run knows a factor. It needs a symbol of its own.
// C012 merge batch=B, token=6: a product of symbols needs a name, as in merge<hidden<dyn<"N">>, ...>
// Why: An extent is a number or a symbol, not a formula of symbols. Where two tensors with one symbol meet, the
// run compares them.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<dyn<"B">>, token<6>, embed<512>> x(bind<"B">(2));
#ifdef WRONG
  auto y = merge<hidden, batch, token>(x);
#else
  auto y = merge<hidden<dyn<"N">>, batch, token>(x);
#endif
  (void)y;
}
