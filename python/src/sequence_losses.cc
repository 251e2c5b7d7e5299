#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include "eddy/crf.h"
#include "eddy/ctc.h"
#include "eddy/error.h"
#include "layers.h"

namespace eddy::python {
namespace {

std::vector<std::vector<int32_t>> LabelLists(const std::vector<nb::object>& targets) {
  std::vector<std::vector<int32_t>> lists;
  for (const nb::object& row : targets) lists.push_back(Labels(row, "ctc targets"));
  return lists;
}

nb::tuple Decode(const Crf& crf, const Input& scores, nb::handle lengths) {
  const Tensor t = Borrowed(scores);
  const Sequence sequence = SequenceOf(t.shape(), lengths, nb::none());
  CrfTags made;
  {
    const nb::gil_scoped_release release;
    made = crf.Decode(t, sequence);
  }
  nb::list rows;
  for (size_t b = 0; b < sequence.rows; ++b) {
    nb::list tags;
    for (size_t step = 0; step < sequence.Length(b); ++step) tags.append(made.tags[step * sequence.rows + b]);
    rows.append(tags);
  }
  return nb::make_tuple(rows, made.scores);
}

}  // namespace

void BindSequenceLosses(nb::module_& m) {
  m.def(
      "ctc_loss",
      [](const PyVar& logits, const std::vector<nb::object>& targets, nb::handle lengths, int32_t blank) {
        const Sequence sequence = SequenceOf(logits.tape->tape.Value(logits.var).shape(), lengths, nb::none());
        const auto labels = LabelLists(targets);
        return Operate("ctc", {nb::cast(logits)},
                       [&](Tape& t, Var* v) { return CtcLoss(t, v[0], labels, sequence, blank); });
      },
      nb::arg("logits"), nb::arg("targets"), nb::arg("lengths") = nb::none(), nb::arg("blank") = 0,
      nb::sig("def ctc_loss(logits: Var, targets: collections.abc.Sequence[collections.abc.Sequence[int]], "
              "lengths: " EDDY_INTEGERS ", blank: int = 0) -> Var"),
      "Labels without alignment (Graves 2006): logits [T, B, V], one list of labels a row; the mean over rows.");
  m.def(
      "ctc_greedy",
      [](const Input& logits, nb::handle lengths, int32_t blank) {
        const Tensor t = Borrowed(logits);
        return CtcGreedy(t, SequenceOf(t.shape(), lengths, nb::none()), blank);
      },
      nb::arg("logits"), nb::arg("lengths") = nb::none(), nb::arg("blank") = 0,
      nb::sig("def ctc_greedy(logits: " EDDY_FLOATS ", lengths: " EDDY_INTEGERS ", blank: int = 0) -> list[list[int]]"),
      "The labels of each row's likeliest alignment.");
  m.def(
      "ctc_decode",
      [](const Input& logits, size_t width, nb::handle lengths, int32_t blank) {
        const Tensor t = Borrowed(logits);
        const Sequence sequence = SequenceOf(t.shape(), lengths, nb::none());
        nb::list rows;
        for (const CtcHypothesis& h : CtcDecode(t, sequence, width, blank))
          rows.append(nb::make_tuple(h.labels, h.log_probability));
        return rows;
      },
      nb::arg("logits"), nb::arg("width"), nb::arg("lengths") = nb::none(), nb::arg("blank") = 0,
      nb::sig("def ctc_decode(logits: " EDDY_FLOATS ", width: int, lengths: " EDDY_INTEGERS
              ", blank: int = 0) -> list[tuple[list[int], float]]"),
      "The likeliest labels of each row by prefix beam search, with their log probabilities.");

  nb::class_<Crf>(m, "Crf",
                  "A linear-chain conditional random field over tags.\n\n"
                  ">>> crf = eddy_rnn.Crf(2)\n"
                  ">>> crf.decode(np.array([[[0, 1]], [[2, 0]]]))\n"
                  "([[1, 0]], [3.0])\n")
      .def(nb::init<size_t, const std::string&>(), nb::arg("tags"), nb::arg("name") = "crf")
      .def(
          "loss",
          [](nb::handle_t<Crf> self, const PyVar& scores, nb::handle tags, nb::handle lengths) {
            Crf& crf = nb::cast<Crf&>(self);
            const std::shared_ptr<PyTape> tape = TapeOf("crf", {nb::cast(scores)});
            const Sequence sequence = SequenceOf(tape->tape.Value(scores.var).shape(), lengths, nb::none());
            const std::vector<int32_t> labels = Labels(tags, "crf tags");
            tape->kept.push_back(nb::borrow(self));
            return PyVar{tape, Work(*tape->team, [&] { return crf.Loss(tape->tape, scores.var, labels, sequence); })};
          },
          nb::arg("scores"), nb::arg("tags"), nb::arg("lengths") = nb::none(),
          nb::sig("def loss(self, scores: Var, tags: numpy.typing.NDArray[typing.Any], lengths: " EDDY_INTEGERS ") -> Var"),
          "scores [T, B, K], tags [T, B]: the mean over rows of -log p(tags | scores).")
      .def("decode", &Decode, nb::arg("scores"), nb::arg("lengths") = nb::none(),
           nb::sig("def decode(self, scores: " EDDY_FLOATS ", lengths: " EDDY_INTEGERS
                   ") -> tuple[list[list[int]], list[float]]"),
           "The likeliest tags of each row, and their scores.")
      .def(
          "parameters", [](nb::handle_t<Crf> self) { return ParametersOf(self, nb::cast<Crf&>(self).parameters()); },
          nb::sig("def parameters(self) -> list[Parameter]"));
}

}  // namespace eddy::python
