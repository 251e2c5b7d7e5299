// Translators.
#include "eddy/tasks/translate.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "models.h"

namespace eddy::python {
namespace {

void BindTranslator(nb::module_& m) {
  BindModel<Translator>(m, "TranslatorModel", "Sentences to sentences, spellings to sounds.")
      .def(
          "of_texts",
          [](const Translator& model, const Texts& sources, size_t beam, double length_penalty, int threads) {
            return model.Translate(sources, {beam, length_penalty, threads});
          },
          nb::arg("sources"), nb::kw_only(), nb::arg("beam") = TranslateOptions().beam,
          nb::arg("length_penalty") = TranslateOptions().length_penalty, nb::arg("threads") = 1, Released());
}

const ModelBinding binding(&BindTranslator);

}  // namespace
}  // namespace eddy::python
