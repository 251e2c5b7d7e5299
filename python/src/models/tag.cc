// Taggers.
#include "eddy/tasks/tag.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "models.h"

namespace eddy::python {
namespace {

void BindTagger(nb::module_& m) {
  BindModel<Tagger>(m, "TaggerModel", "Tags of the tokens of sequences.")
      .def_prop_ro("tags", &Tagger::tags)
      .def(
          "of_sequences",
          [](const Tagger& model, const std::vector<Texts>& sequences, int threads) {
            return model.Predict(sequences, threads);
          },
          nb::arg("sequences"), nb::kw_only(), nb::arg("threads") = 1, Released());
}

const ModelBinding binding(&BindTagger);

}  // namespace
}  // namespace eddy::python
