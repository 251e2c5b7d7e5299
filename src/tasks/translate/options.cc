#include "tasks/translate/options.h"

#include "tasks/given_vectors.h"
#include "tasks/reading.h"
#include "tasks/translate/design.h"

namespace eddy {

void Declare(PairInput& o, OptionTable& table) {
  table.Add("FILE", o.train.table, AnyText("FILE"), "a source, a tab and a target a line").OfTheRun();
  table.Group("Pairs");
  table.Add("source", o.train.source, AnyText("FILE"), "instead: the sources, a line each")
      .Excludes("FILE")
      .Needs("target")
      .OfTheRun();
  table.Add("target", o.train.target, AnyText("FILE"), "and the targets, on the same lines").Needs("source").OfTheRun();
  table.Add("valid-source", o.valid.source, AnyText("FILE"), "instead of --valid: the sources of pairs to judge by")
      .Needs("valid-target")
      .OfTheRun();
  table.Add("valid-target", o.valid.target, AnyText("FILE"), "and their targets").Needs("valid-source").OfTheRun();
}

void Declare(TranslatorOptions& o, OptionTable& table) {
  table.Group("Pairs");
  AddHeldOut(table, o.held_out, "pairs to judge by: a share, or a file; unasked 5,000 at most");
  table.Flag("strict", o.strict, kStrictHelp);
  table
      .Add("unit", o.unit, OneOf({"word", "bpe", "char"}),
           "word, bpe (pieces of words), or char (or symbols with spaces between them, where so written)")
      .Usually("char where sources are single words");
  table.Add("vocabulary", o.vocabulary, WholeNumber(2, 1 << 24), "at most so many different tokens on a side")
      .Usually("20000; of bpe 8000");
  table.Add("tokenize", o.tokenize, OneOf({"13a", "none"}), "of BLEU: 13a, or none for text that is tokenised already");
  Declare(o.train, table, Layers::kRecurrent);
  table.Group("Network");
  AddStart(table, o.start, "go on with the network of a finished model, its weights and vocabularies; new tokens are added");
  AddVectors(table, o.vectors, o.freeze_vectors);
  table.Find("vectors").Excludes("start");
  table.Add("embedding", o.embedding, WholeNumber(1, 1 << 16), "width of a token's vector").Usually(kFromData);
  table.Add("attention", o.attention, OneOf(AttentionScoreNames()),
            "multiplicative (Luong 2015) or additive (Bahdanau 2015, slower)");
  table.Group("Against learning by heart");
  table.Add("label-smoothing", o.label_smoothing, Probability(), "share of a target given to all tokens alike")
      .Usually("0.1");
  table.Add("scheduled-sampling", o.scheduled_sampling, Probability(),
            "share of what the decoder reads that it has drawn itself, from the fifth epoch on (Bengio 2015)");
}

PairSource SourceOf(const PairInput& input, const HeldOut& held_out) {
  if (input.train.empty()) throw UsageError("train translate needs FILE, or --source and --target");
  PairSource source;
  source.train = input.train;
  source.valid = input.valid;
  if (source.valid.empty()) source.valid.table = held_out.file;
  return source;
}

}  // namespace eddy
