// SPDX-License-Identifier: BSL-1.0
// Defines nothing of its own: it includes all of Conform. Each header below also stands alone.
#pragma once

// A local of ours that is called as a global variable of the user's hides nothing of theirs, and is not said to (-Wshadow).
// Each header alone is compiled with that warning, for what it hides of its own.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"

// First, so that compilers show the shortest way to where a broken rule is reported.
#include <conform/diagnose/rule.hpp>

#include <conform/attention/attention.hpp>
#include <conform/attention/attention_into.hpp>
#include <conform/attention/reference.hpp>
#include <conform/attention/workspace_bytes.hpp>
#include <conform/blis/configuration.hpp>
#include <conform/cache/attention.hpp>
#include <conform/cache/kv_cache.hpp>
#include <conform/cache/kv_ring.hpp>
#include <conform/cache/paged_kv_cache.hpp>
#include <conform/layer/decoder_layer.hpp>
#include <conform/layer/encoder_layer.hpp>
#include <conform/layer/feed_forward.hpp>
#include <conform/layer/gated_feed_forward.hpp>
#include <conform/layer/into.hpp>
#include <conform/layer/layer_normalization.hpp>
#include <conform/layer/layer_settings.hpp>
#include <conform/layer/layer_stack.hpp>
#include <conform/layer/learned_positions.hpp>
#include <conform/layer/linear.hpp>
#include <conform/layer/load.hpp>
#include <conform/layer/multi_head_attention.hpp>
#include <conform/layer/parameters.hpp>
#include <conform/layer/prepacked.hpp>
#include <conform/layer/residual.hpp>
#include <conform/layer/rms_normalization.hpp>
#include <conform/layer/sinusoidal_positions.hpp>
#include <conform/layer/token_embedding.hpp>
#include <conform/layer/workspace_bytes.hpp>
#include <conform/op/op.hpp>
#include <conform/shape/axes.hpp>
#include <conform/tensor/arena.hpp>
#include <conform/tensor/bfloat16.hpp>
#include <conform/tensor/extents.hpp>
#include <conform/tensor/fill.hpp>
#include <conform/tensor/print.hpp>
#include <conform/tensor/tensor.hpp>
#include <conform/version.hpp>

#pragma GCC diagnostic pop
