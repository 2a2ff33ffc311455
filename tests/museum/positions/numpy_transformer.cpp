// The positions were laid along the batch, where the axis of the batch was taken for that of the tokens. A reader
// suspected it when the loss of validation rose after ten epochs. The author repaired it and saved a new model.
// https://github.com/AkiRusProd/numpy-transformer/issues/1
// C008 +: token=T on the left, token=B on the right
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<dyn<"B">>, token<dyn<"T">>, embed<256>> x(bind<"B">(4), bind<"T">(4));
  tensor<float, token<512>, embed<256>> pe;
#ifdef WRONG
  auto y = x + slice<token<dyn<"B">>>(pe, 0, extent<batch>(x));  // x + self.pe[:x.shape[0], :]
#else
  auto y = x + slice<token<dyn<"T">>>(pe, 0, extent<token>(x));
#endif
  (void)y;
}
