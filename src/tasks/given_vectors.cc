#include "tasks/given_vectors.h"

#include <fmt/format.h>

#include "data/digest.h"

namespace eddy {

void AddVectors(OptionTable& table, std::string& file, bool& frozen) {
  table
      .Add("vectors", file, AnyText("FILE"),
           "start from vectors of words: of word2vec, GloVe, fastText (.vec, .bin); their width is the embedding's")
      .OfTheRun()  // what they are, and not where, is a part of what must be the same to resume
      .Excludes("embedding");
  table.Flag("freeze-vectors", frozen, "which stay as they are; they are trained otherwise").Needs("vectors");
}

WordVectors VectorsFor(const std::string& file, const std::function<std::string(std::string_view)>& form, size_t most_words,
                       Vocabulary& words) {
  WantedWords wanted;
  wanted.form = form;
  wanted.words.insert(words.tokens().begin(), words.tokens().end());
  wanted.others = most_words - std::min(most_words, words.size());
  WordVectors vectors = ReadWordVectors(file, wanted);
  words = Grown(words, Vocabulary(vectors.words));
  return vectors;
}

std::string HashOf(const WordVectors& vectors) {
  Digest hash;
  for (const std::string& word : vectors.words) hash.Add(word + '\n');
  hash.Add({reinterpret_cast<const char*>(vectors.values.data()), vectors.values.size() * sizeof(float)});
  return hash.Digits();
}

std::string StartFromVectors(const WordVectors& vectors, const std::string& file, const Vocabulary& words, bool frozen,
                             Parameter& embedding) {
  const size_t found = PutVectors(vectors, words, embedding.value);
  embedding.fixed = frozen;
  return fmt::format("Vectors: {} of {} words start from {}, {} numbers each{}", found, words.size(), file, vectors.width,
                     frozen ? ", which stay as they are" : "");
}

}  // namespace eddy
