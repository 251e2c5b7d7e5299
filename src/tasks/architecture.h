// Layers by name: what --cell and "eddy compare --models" take. A name is a cell ("lstm"), "tcn" or "attention", or several
// of them from the first layer to the last, joined by "+": "tcn+lstm".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eddy/encoder.h"
#include "eddy/optim.h"

namespace eddy {

std::vector<std::string> SplitArchitecture(const std::string& name);  // its parts, of which any may be unknown
const std::vector<std::string>& LayerNames();                         // every part that there is

// Replaces recurrent layers by those of this name, as wide as they were and with as many layers: cells keep all their
// options; a tcn has three taps, and as many blocks as it takes to see `span` steps where `layers` are not given;
// attention is a transformer with rotary positions, of 4 blocks where `layers` are not given, which sees `span` steps in
// each, or all in both directions where the recurrent layers were of both. Both have a little of the dropout. Throws Error
// for a name that is not known.
void Compose(EncoderOptions& encoder, const std::string& name, size_t span, std::optional<size_t> layers);

bool HasRecurrent(const EncoderOptions& options);
void SetHidden(EncoderOptions& options, size_t hidden);  // of every layer
size_t HiddenStep(const EncoderOptions& options);        // of which their width is a multiple
// Makes attention's feed forwards by so many channels wider than they are at this width, at least 1 wide. Until SetHidden.
void WidenFeedForwards(EncoderOptions& options, ptrdiff_t by);
// A limit to the rate and a longer rise to it, for networks without recurrent layers, which bear less than those.
void SuitRate(ScheduleOptions& schedule, const EncoderOptions& options);

size_t CountWeights(const std::vector<Parameter*>& parameters);
bool HasZoneout(const EncoderOptions& options);
// Of every layer, as for runs that must not be random. Throws Error where it cannot be, with zoneout.
void RemoveDropout(EncoderOptions& options);

// The recurrent layers, for looking inside them. Throws Error where there are others.
RecurrentStack& RequireStack(Encoder& encoder);

std::string Describe(const EncoderOptions& options);  // "1 layer of 128 lstm in both directions"

}  // namespace eddy
