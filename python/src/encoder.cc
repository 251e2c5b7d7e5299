#include "eddy/encoder.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "eddy/error.h"
#include "layers.h"

// An encoder is not copied, which its vectors do not tell.
template <>
struct nanobind::detail::is_copy_constructible<eddy::Encoder> : std::false_type {};

namespace eddy::python {
namespace {

// The class of one kind of layer's options.
template <class Options>
void BindOptions(nb::module_& m, const char* name, const char* doc) {
  nb::class_<Options>(m, name, doc)
      .def(
          "__init__",
          [name](Options* self, const nb::kwargs& options) { new (self) Options(FromKeywords<Options>(name, {}, options)); },
          nb::arg("options"), nb::sig(Signature<Options>("self", "", 0, /*in_chain=*/true)))
      .def_prop_ro(
          "options", [](const Options& o) { return ToDict(o); }, nb::sig("def options(self) -> dict[str, typing.Any]"))
      .def("__repr__", [name](const Options& o) { return nb::str("{}(**{!r})").format(name, ToDict(o)); })
      .def("__getstate__", [](const Options& o) -> Pickle { return nb::make_tuple(ToDict(o)); })
      .def("__setstate__", [name](Options& self, const Pickle& state) {
        new (&self) Options(FromKeywords<Options>(name, {}, nb::borrow<nb::kwargs>(state[0])));
      });
}

template <class... Options>
LayerOptions LayerOf(nb::handle object, const std::variant<Options...>*) {
  std::optional<LayerOptions> layer;
  const auto try_one = [&]<class One>(const One*) {
    if (One* options = nullptr; !layer && nb::try_cast(object, options)) layer = *options;
  };
  (try_one(static_cast<const Options*>(nullptr)), ...);
  if (!layer) throw nb::type_error("encoder: a layer must be one of the options' classes, such as StackOptions");
  return *layer;
}

EncoderOptions OptionsOf(size_t input, const std::vector<nb::object>& layers, const std::string& precision) {
  EncoderOptions options{.input = input, .layers = {}, .precision = PrecisionFromName(precision)};
  for (const nb::object& layer : layers) options.layers.push_back(LayerOf(layer, static_cast<const LayerOptions*>(nullptr)));
  return options;
}

nb::object RunArrays(Encoder& encoder, const Input& x, nb::handle lengths, nb::handle resets, Segment* segment, Tape& tape,
                     Team& team) {
  const Tensor input = Borrowed(x);
  const Sequence sequence = SequenceOf(input.shape(), lengths, resets);
  const Var y = Work(team, [&] { return encoder.Forward(tape, tape.Constant(input), sequence, segment); });
  return nb::cast(ToArray(tape.Value(y)));
}

size_t EndOf(nb::handle at) { return at.is_none() ? Segment::kEnd : nb::cast<size_t>(at); }

nb::object RunWhole(Encoder& encoder, const Input& x, nb::handle lengths, nb::handle resets, const std::string& precision,
                    int threads) {
  const std::shared_ptr<Team> team = TeamOf(threads);
  Tape tape(team->threads, Tape::Mode::kInference, 0, PrecisionFromName(precision));
  return RunArrays(encoder, x, lengths, resets, nullptr, tape, *team);
}

nb::tuple RunSegment(Encoder& encoder, const Input& x, nb::handle state, nb::handle at, nb::handle lengths,
                     nb::handle resets, const std::string& precision, int threads) {
  const std::shared_ptr<Team> team = TeamOf(threads);
  Tape tape(team->threads, Tape::Mode::kInference, 0, PrecisionFromName(precision));
  std::vector<Input> kept;
  Segment segment(Constants(tape, ListOf(state), kept), EndOf(at));
  const nb::object y = RunArrays(encoder, x, lengths, resets, &segment, tape, *team);
  nb::list states;
  for (Var after : segment.after()) states.append(ToArray(tape.Value(after)));
  return nb::make_tuple(y, states);
}

PyVar RunVars(nb::handle_t<Encoder> self, const PyVar& x, nb::handle lengths, nb::handle resets, Segment* segment) {
  Encoder& encoder = nb::cast<Encoder&>(self);
  const std::shared_ptr<PyTape> tape = TapeOf("encoder", {nb::cast(x)});
  const Sequence sequence = SequenceOf(tape->tape.Value(x.var).shape(), lengths, resets);
  tape->kept.push_back(nb::borrow(self));
  return {tape, Work(*tape->team, [&] { return encoder.Forward(tape->tape, x.var, sequence, segment); })};
}

nb::tuple RunSegmentVars(nb::handle_t<Encoder> self, const PyVar& x, nb::handle state, nb::handle at, nb::handle lengths,
                         nb::handle resets) {
  Segment segment(OnTape(*TapeOf("encoder", {nb::cast(x)}), ListOf(state)), EndOf(at));
  const PyVar y = RunVars(self, x, lengths, resets, &segment);
  nb::list states;
  for (Var after : segment.after()) states.append(PyVar{y.tape, after});
  return nb::make_tuple(y, states);
}

constexpr const char* kEncoderDoc =
    "Layers in a chain, each of which reads what the one before it puts out.\n\n"
    ">>> encoder = eddy_rnn.Encoder(3, [eddy_rnn.TcnOptions(hidden=8, blocks=2),\n"
    "...                                eddy_rnn.StackOptions(cell=\"gru\", hidden=4)])\n"
    ">>> x = np.linspace(-1, 1, 30, dtype=np.float32).reshape(5, 2, 3)\n"
    ">>> y = encoder(x)\n"
    ">>> y.shape\n"
    "(5, 2, 4)\n"
    ">>> begin, state = encoder.segment(x[:3])\n"
    ">>> end, state = encoder.segment(x[3:], state)\n"
    ">>> bool((np.concatenate([begin, end]) == y).all())\n"
    "True\n";

void BindEncoderClass(nb::module_& m) {
  nb::class_<Encoder>(m, "Encoder", kEncoderDoc)
      .def(
          "__init__",
          [](Encoder* self, size_t input, const std::vector<nb::object>& layers, const std::string& precision, uint64_t seed,
             const std::string& name) {
            Random random(seed);
            new (self) Encoder(OptionsOf(input, layers, precision), name, random);
          },
          nb::arg("input"), nb::arg("layers"), nb::kw_only(), nb::arg("precision") = "float32", nb::arg("seed") = 0,
          nb::arg("name") = "encoder",
          nb::sig(
              "def __init__(self, input: int, layers: collections.abc.Sequence[StackOptions | Conv1dOptions | TcnOptions | "
              "TransformerOptions | GriffinOptions | RecurrentBlocksOptions | WindowedRecurrentOptions | "
              "AttentiveRecurrentOptions | MultiHeadAttentionOptions], *, precision: str = \"float32\", seed: int = 0, "
              "name: str = \"encoder\") -> None"),
          "The layers' `input` follows from what stands before them. `precision` is that of streams.")
      .def("__call__", &RunWhole, nb::arg("x"), nb::arg("lengths") = nb::none(), nb::arg("resets") = nb::none(),
           nb::kw_only(), nb::arg("precision") = "float32", nb::arg("threads") = 1,
           nb::sig("def __call__(self, x: " EDDY_FLOATS ", lengths: " EDDY_INTEGERS ", resets: " EDDY_INTEGERS
                   ", *, precision: str = \"float32\", threads: int = 1) -> " EDDY_ARRAY),
           "x [T, B, D] -> [T, B, output_width], zeros beyond a row's length, for inference.")
      .def(
          "__call__",
          [](nb::handle_t<Encoder> self, const PyVar& x, nb::handle lengths, nb::handle resets) {
            return RunVars(self, x, lengths, resets, nullptr);
          },
          nb::arg("x"), nb::arg("lengths") = nb::none(), nb::arg("resets") = nb::none(),
          nb::sig("def __call__(self, x: Var, lengths: " EDDY_INTEGERS ", resets: " EDDY_INTEGERS ") -> Var"),
          "The same on the values of a tape, for training.")
      .def("segment", &RunSegment, nb::arg("x"), nb::arg("state") = nb::none(), nb::arg("at") = nb::none(),
           nb::arg("lengths") = nb::none(), nb::arg("resets") = nb::none(), nb::kw_only(), nb::arg("precision") = "float32",
           nb::arg("threads") = 1,
           nb::sig("def segment(self, x: " EDDY_FLOATS ", state: collections.abc.Sequence[" EDDY_FLOATS
                   "] | None = None, at: int | None = None, lengths: " EDDY_INTEGERS ", resets: " EDDY_INTEGERS
                   ", *, precision: str = \"float32\", threads: int = 1) -> tuple[" EDDY_ARRAY ", list[" EDDY_ARRAY "]]"),
           "A segment of longer sequences, and what the next one needs to go on as if nothing had been cut: of after `at` "
           "steps, or of after each row's last.")
      .def("segment", &RunSegmentVars, nb::arg("x"), nb::arg("state") = nb::none(), nb::arg("at") = nb::none(),
           nb::arg("lengths") = nb::none(), nb::arg("resets") = nb::none(),
           nb::sig("def segment(self, x: Var, state: collections.abc.Sequence[Var | " EDDY_FLOATS
                   "] | None = None, at: int | None = None, lengths: " EDDY_INTEGERS ", resets: " EDDY_INTEGERS
                   ") -> tuple[Var, list[Var]]"))
      .def(
          "parameters", [](nb::handle_t<Encoder> self) { return ParametersOf(self, nb::cast<Encoder&>(self).parameters()); },
          nb::sig("def parameters(self) -> list[Parameter]"))
      .def_prop_ro("output_width", &Encoder::output_width)
      .def_prop_ro(
          "layers",
          [](const Encoder& encoder) -> nb::typed<nb::list, nb::any> {
            nb::list layers;
            for (const LayerOptions& layer : encoder.options().layers)
              layers.append(std::visit([](const auto& options) { return nb::cast(options); }, layer));
            return layers;
          },
          "The layers' options.");
}

}  // namespace

void BindEncoder(nb::module_& m) {
  BindOptions<StackOptions>(m, "StackOptions", "Recurrent layers; options as RecurrentStack's.");
  BindOptions<Conv1dOptions>(m, "Conv1dOptions", "A convolution over time. `padding` is \"causal\", \"same\" or \"none\".");
  BindOptions<TcnOptions>(m, "TcnOptions", "A temporal convolutional network (Bai 2018).");
  BindOptions<TransformerOptions>(m, "TransformerOptions",
                                  "A transformer. `positions` is \"none\", \"rotary\" or \"linear_bias\"; `norm` \"rms\" or "
                                  "\"layer\"; `feed_forward` \"gelu\", \"swiglu\" or \"geglu\"; `window` 0 sees all steps.");
  BindOptions<GriffinOptions>(m, "GriffinOptions", "Gated linear recurrences and local attention in turn (De 2024).");
  BindOptions<RecurrentBlocksOptions>(m, "RecurrentBlocksOptions", "Residual blocks around a cell (Beck 2024).");
  BindOptions<WindowedRecurrentOptions>(m, "WindowedRecurrentOptions",
                                        "A recurrent layer whose inputs are the last `kernel` steps'.");
  BindOptions<AttentiveRecurrentOptions>(m, "AttentiveRecurrentOptions",
                                         "Recurrent layers with attention over their outputs.");
  BindOptions<MultiHeadAttentionOptions>(m, "MultiHeadAttentionOptions", "Self attention.");
  BindEncoderClass(m);
}

}  // namespace eddy::python
