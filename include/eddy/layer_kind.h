// LayerKind: what a chain of layers (encoder.h) must know of a kind of layer. A kind is one header in include/eddy/layers/,
// which the build finds: from it follow the layer's place in chains and their streams, in models on disk and on the command
// line, and its rows in docs/layers.md and docs/file-format.md. The layer itself has
//
//     Layer(options, name, random)                Var Forward(tape, x [T, B, D], sequence, segment) -> [T, B, width]
//     std::vector<size_t> state_widths() const    std::vector<Parameter*> parameters()
//
// and its stream Step(input), state() and Reset(). The header NAME.h holds a struct NameKind, derived from LayerKind, with
//
//     kInfo                       below
//     Fields(visit, options)      its options as they are stored (fields.h)
//     LeastWeights(options)       a number of weights that the layer has at least, by which sizes in files are proved
//     StepsBack(options)          steps before its own that an output sees other than by recurrence
//     Describe(options)           for people: "tcn, 5 blocks of 8 channels and 3 taps"
//     Compose(request)            the layers that its name on the command line stands for
//
// and with any function of LayerKind, of which it is not true what stands there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "eddy/export.h"
#include "eddy/fields.h"
#include "eddy/recurrent.h"

EDDY_API_BEGIN
namespace eddy {

// Attention without a window, which sees everything, counts as seeing so many steps: it can be neither streamed nor run in
// segments.
inline constexpr size_t kAllSteps = size_t{1} << 40;

// How the command line names a kind.
enum class Naming {
  kCell,     // by a cell's name alone
  kHybrid,   // by its own name, a colon and a cell's: "blocks:lstm"
  kByItself  // by its own name
};

struct LayerInfo {
  std::string_view kind;  // in models on disk: never changed
  Naming naming;
  std::string_view command;            // its name on the command line
  std::string_view composed;           // what that stands for
  std::string_view header;             // the layer's, in include/eddy/, without ".h"
  std::string_view layer;              // the class
  std::string_view what, paper, kept;  // what it is, where it is from, and what its stream keeps
};

// What a name on the command line asks for, beside the kind.
struct LayerRequest {
  StackOptions stack;            // recurrent layers, with the cell that was named, whose width and dropout others take
  size_t span = 0;               // steps to see
  std::optional<size_t> blocks;  // where given

  size_t window() const { return stack.bidirectional ? 0 : span; }          // of attention
  double dropout() const { return std::min(stack.dropout, kMostInBlock); }  // within a block, which has it several times
  static constexpr double kMostInBlock = 0.1;
};

template <class OptionsOfKind, class LayerOfKind, class StreamOfKind>
struct LayerKind {
  using Options = OptionsOfKind;
  using Layer = LayerOfKind;
  using Stream = StreamOfKind;

  static size_t& Input(Options& o) { return o.input; }
  static size_t Width(const Options& o) { return o.hidden; }  // of the outputs
  static bool IsCausal(const Options&) { return true; }       // whether no output sees a later step
  static void RequireChainable(const Options&) {}             // throws Error for what cannot stand in a chain
  static const RecurrentOptions* Recurrent(const Options&) { return nullptr; }  // of a layer of cells that share them
  static void SetHidden(Options& o, size_t hidden) { o.hidden = hidden; }
  static constexpr size_t kHiddenStep = 1;                  // of which the width is a multiple
  static void WidenFeedForward(Options&, ptrdiff_t) {}      // by so many channels more than usual, at least 1 wide
  static void RemoveDropout(Options& o) { o.dropout = 0; }  // all that is random but zoneout
  static Stream MakeStream(const Layer& layer, size_t rows, Precision precision) { return Stream(layer, rows, precision); }

 protected:
  static constexpr size_t kSeveralHeads = 4;  // a width that is a multiple of it has more than one head
  // Rotary positions turn pairs of a head's channels.
  static size_t HeadsFor(size_t hidden) { return hidden % 8 == 0 ? 4 : hidden % 4 == 0 ? 2 : 1; }
  static size_t Back(size_t window) { return window > 0 ? window - 1 : kAllSteps; }
  static size_t Widened(size_t usual, ptrdiff_t by) {
    return static_cast<size_t>(std::max<ptrdiff_t>(1, static_cast<ptrdiff_t>(usual) + by));
  }
  static std::string Counted(size_t count, std::string noun) {
    return std::to_string(count) + " " + std::move(noun) + (count == 1 ? "" : "s");
  }
  static std::string Sight(size_t window) { return window == 0 ? "all steps" : Counted(window, "step"); }
};

// All kinds, as the build lists them (layer_kinds.h).
template <class... Kinds>
struct LayerKindList {
  using Options = std::variant<typename Kinds::Options...>;
  using Layer = std::variant<typename Kinds::Layer...>;
  using Stream = std::variant<typename Kinds::Stream...>;  // by index: residual stacks share theirs

  // The kind whose options or layer is of this type, as a value of that empty type.
  template <class OptionsOrLayer>
  static constexpr auto Of() {
    return std::get<IndexOf<OptionsOrLayer>()>(std::tuple<Kinds...>());
  }
  template <class OptionsOrLayer>
  static constexpr size_t IndexOf() {
    constexpr bool is[] = {(std::is_same_v<OptionsOrLayer, typename Kinds::Options> ||
                            std::is_same_v<OptionsOrLayer, typename Kinds::Layer>)...};
    return static_cast<size_t>(std::find(std::begin(is), std::end(is), true) - std::begin(is));
  }
  // Calls f(kind) for each, in the order of their headers' names.
  static void ForEach(auto&& f) { (f(Kinds()), ...); }
};

}  // namespace eddy
EDDY_API_END
