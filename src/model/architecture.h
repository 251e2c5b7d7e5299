// Layers by name: what --cell and "eddy compare --models" take. A name is a cell ("lstm"), the name of another kind of layer
// ("tcn"), a kind and a cell ("blocks:lstm"), or several of them from the first layer to the last, joined by "+":
// "tcn+lstm". Kinds and what their names stand for are in include/eddy/layers/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eddy/encoder.h"
#include "eddy/optim.h"

namespace eddy {

std::vector<std::string> SplitArchitecture(const std::string& name);  // its parts, of which any may be unknown
std::vector<std::string> CellNames();               // of the cells that there are at this moment: a part is one of these,
const std::vector<std::string>& OtherLayerNames();  // of these,
const std::vector<std::string>& HybridNames();      // or of these, a colon and a cell
std::string LayerNames();                           // all of this, for people

// Replaces recurrent layers by those of this name, as wide as they were; other layers see `span` steps and have `layers`
// blocks where that is given. Throws Error for a name that is not known.
void Compose(EncoderOptions& encoder, const std::string& name, size_t span, std::optional<size_t> layers);

// A limit to the rate and a longer rise to it, for networks of other layers, which bear less than recurrent ones.
void SuitRate(ScheduleOptions& schedule, const EncoderOptions& options);

size_t CountWeights(const std::vector<Parameter*>& parameters);

// The recurrent layers, for looking inside them. Throws Error where there are others.
RecurrentStack& RequireStack(Encoder& encoder);

}  // namespace eddy
