// Layers by name: what --cell and "eddy compare --models" take. A name is a cell ("lstm"), "conv", "tcn", "attention",
// "griffin", "heads", a cell in a hybrid ("windowed:qrnn", "attentive:lstm", "blocks:lstm"), or several of them from the
// first layer to the last, joined by "+": "tcn+lstm".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eddy/encoder.h"
#include "eddy/optim.h"

namespace eddy {

std::vector<std::string> SplitArchitecture(const std::string& name);  // its parts, of which any may be unknown
const std::vector<std::string>& CellNames();                          // a part is one of these,
const std::vector<std::string>& OtherLayerNames();                    // of these,
const std::vector<std::string>& HybridNames();                        // or of these, a colon and a cell
inline constexpr const char* kLayerNames =
    "a cell that \"eddy cells\" lists, conv, heads, tcn, attention, griffin, or a cell behind windowed:, attentive: or "
    "blocks:";

// Replaces recurrent layers by those of this name, as wide as they were. Throws Error for a name that is not known.
//   CELL            as many layers, with all their options
//   windowed:CELL   layers whose gates see two inputs (windowed_recurrent.h), forward, with no dropout between them
//   attentive:CELL  the layers, and attention over what they put out (attentive_recurrent.h)
//   conv            a convolution of three taps, linear: before other layers
//   heads           multi-head attention with rotary positions, nothing around it: after other layers
//   tcn             three taps, and as many blocks as it takes to see `span` steps
//   attention       a transformer with rotary positions, of 4 blocks
//   griffin         3 blocks (griffin.h), of which the last attends
//   blocks:CELL     2 residual blocks around the cell (recurrent_blocks.h)
// of which the last four have `layers` blocks where that is given, and a little of the dropout. Attention sees `span` steps,
// or all in both directions where the recurrent layers were of both, but griffin's, which looks back only.
void Compose(EncoderOptions& encoder, const std::string& name, size_t span, std::optional<size_t> layers);

bool HasRecurrent(const EncoderOptions& options);        // whether any layer has the options of recurrent ones
void SetHidden(EncoderOptions& options, size_t hidden);  // of every layer
size_t HiddenStep(const EncoderOptions& options);        // of which their width is a multiple
// Makes feed forwards by so many channels wider than they are at this width, at least 1 wide. Until SetHidden.
void WidenFeedForwards(EncoderOptions& options, ptrdiff_t by);
// A limit to the rate and a longer rise to it, for networks of other layers, which bear less than recurrent ones.
void SuitRate(ScheduleOptions& schedule, const EncoderOptions& options);

size_t CountWeights(const std::vector<Parameter*>& parameters);
bool HasZoneout(const EncoderOptions& options);
// Of every layer, as for runs that must not be random. Throws Error where it cannot be, with zoneout.
void RemoveDropout(EncoderOptions& options);

// The recurrent layers, for looking inside them. Throws Error where there are others.
RecurrentStack& RequireStack(Encoder& encoder);

std::string Describe(const EncoderOptions& options);  // "1 layer of 128 lstm in both directions"

}  // namespace eddy
