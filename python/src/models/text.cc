// Language models.
#include "eddy/tasks/text.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "eddy/error.h"
#include "models.h"

namespace eddy::python {
namespace {

// The logits of what follows a text, [V].
nb::object Next(const LanguageModel& model, const std::string& text) {
  std::vector<double> logits(model.vocabulary().size());
  {
    const nb::gil_scoped_release release;
    LanguageModel::Stream stream(model);
    const std::vector<int32_t> tokens = model.Encode(text);
    Require(!tokens.empty(), "text", "what is gone on from", "at least one token", "none");
    std::span<const float> last;
    for (const int32_t token : tokens) last = stream.Step(token);
    std::copy(last.begin(), last.end(), logits.begin());
  }
  return ToMatrix(std::move(logits), 1, model.vocabulary().size());
}

void BindLanguageModel(nb::module_& m) {
  BindModel<LanguageModel>(m, "TextModel", "Text that goes on.")
      .def_prop_ro("vocabulary", &LanguageModel::vocabulary)
      .def(
          "generate",
          [](const LanguageModel& model, const std::string& prompt, size_t length, double temperature, size_t top_k,
             double top_p, uint64_t seed) {
            return model.Generate({prompt, length, {temperature, top_k, top_p}, seed});
          },
          nb::arg("prompt") = "", nb::kw_only(), nb::arg("length") = GenerateOptions().length,
          nb::arg("temperature") = SamplingOptions().temperature, nb::arg("top_k") = SamplingOptions().top_k,
          nb::arg("top_p") = SamplingOptions().top_p, nb::arg("seed") = GenerateOptions().seed, Released())
      .def("encode", &LanguageModel::Encode, nb::arg("text"))
      .def("next", &Next, nb::arg("text"), nb::sig("def next(self, text: str) -> numpy.typing.NDArray[numpy.float64]"),
           "The logits of the token after a text, [1, V].");
}

const ModelBinding binding(&BindLanguageModel);

}  // namespace
}  // namespace eddy::python
