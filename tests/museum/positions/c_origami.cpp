// Each sample got the encoding of its place in the batch: as many positions were taken as there are samples. So the
// transformer of a published genome folding model (2023) had no positions. An author: "I think you are correct about
// the PE".
// https://github.com/tanjimin/C.Origami/issues/42
// C008 +: token=T on the left, token=B on the right
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<dyn<"B">>, token<dyn<"T">>, embed<128>> x(bind<"B">(4), bind<"T">(4));
  tensor<float, token<512>, embed<128>> pe;
#ifdef WRONG
  auto y = x + slice<token<dyn<"B">>>(pe, 0, extent<batch>(x));  // x + self.pe[:x.size(0)]
#else
  auto y = x + slice<token<dyn<"T">>>(pe, 0, extent<token>(x));
#endif
  (void)y;
}
