#include "tasks/tag/options.h"

#include "tasks/given_vectors.h"
#include "tasks/reading.h"

namespace eddy {

void Declare(TaggerOptions& o, OptionTable& table) {
  table.Group("Sequences");
  AddHeldOut(table, o.held_out, "sequences to judge by: a share, or a file; unasked 20,000 at most");
  table.Add("token-column", o.token_column, AnyText("COL"), "number, from 1, or CoNLL-U name of the column of tokens")
      .Usually("the first; FORM");
  table.Add("tag-column", o.tag_column, AnyText("COL"), "of the column of tags").Usually("the last; UPOS");
  table.Flag("strict", o.strict, kStrictHelp);
  Declare(o.train, table, Layers::kRecurrent);
  table.Group("Network");
  AddStart(table, o.start, "go on with the network of a finished model, its weights, words and tags; new words are added");
  table.Add("vocabulary", o.vocabulary, WholeNumber(2, 1 << 24), "at most so many different words");
  AddVectors(table, o.vectors, o.freeze_vectors);
  table.Find("vectors").Excludes("start");
  table.Add("embedding", o.embedding, WholeNumber(1, 1 << 16), "width of a word's vector").Usually("100");
  table
      .Add("character-features", o.character_features, WholeNumber(0, 1 << 16),
           "features of a word's characters; 0 to read words alone")
      .Usually("64");
  table.Flag("forward", o.forward, "read in one direction only");
  table.Flag("no-crf", o.no_crf, "choose each tag by itself, without a conditional random field over them");
  table.Group("Against learning by heart");
  table.Add("word-dropout", o.word_dropout, Probability(), "share of the words that occur once that are read as unknown")
      .Usually("0.5");
}

ConllFormat FormatOf(const TaggerOptions& options) {
  ConllFormat format{options.token_column, options.tag_column, {}};
  format.bad_lines.strict = options.strict;
  return format;
}

}  // namespace eddy
