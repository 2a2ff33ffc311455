// The backward pass transposed keys and values that were in order already: [batch, token, head] for a kernel of [batch,
// head, token]. The gradients were wrong by more than their size, and the forward pass was right. The test of the
// repair has as many heads as tokens, "so a layout mix-up cannot hide behind a shape check".
// https://github.com/huggingface/diffusers/issues/14338
// C028 tensor [batch=2, head=4, key=4, head_dim=8] from [batch=2, key=4, head=4, head_dim=8]: the order differs,
// permute first
#include <conform/conform.hpp>
using namespace conform;

void flash_attention_backward(tensor<float, batch<2>, head<4>, key<4>, head_dim<8>> const&) {}

int main() {
  tensor<float, batch<2>, head<4>, key<4>, head_dim<8>> k;  // as it was saved
#ifdef WRONG
  flash_attention_backward(contiguous(transpose<head, key>(k)));
#else
  flash_attention_backward(k);
#endif
}
