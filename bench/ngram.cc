// The floors for text: every interpolated n-gram on a file's held-out part.
//     ngram FILE [--lines] [--words]                 the last tenth is held out
//     ngram FILE --valid FILE [--lines] [--words]    a file of its own is held out
// Tiny Shakespeare: Witten-Bell 5-gram 1.669 nats, Kneser-Ney 1.607. Debian's word list with --lines, one word in twenty
// held out by its md5: 2.339 and 2.328 bits, the ends of words counted; as one stream of lines Witten-Bell gives 2.379.
#include "floors/ngram.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <exception>

#include "data/text.h"

int main(int argc, char** argv) try {
  eddy::TextOptions options;
  std::vector<std::string> paths;
  std::string valid;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--lines") == 0) {
      options.lines = true;
    } else if (std::strcmp(argv[i], "--words") == 0) {
      options.unit = eddy::TextUnit::kWords;
    } else if (std::strcmp(argv[i], "--valid") == 0 && i + 1 < argc) {
      valid = argv[++i];
    } else {
      paths.emplace_back(argv[i]);
    }
  }
  const eddy::TextSplit split = eddy::ReadTextSplit(paths, valid, options);
  fmt::print("{} training and {} held-out tokens, {} different, {} unknown\n", split.train.predicted(),
             split.valid.predicted(), split.format.vocabulary.size(), split.valid.unknown);
  const auto start = std::chrono::steady_clock::now();
  const double bits_per_byte =
      static_cast<double>(split.valid.predicted()) / static_cast<double>(split.valid.bytes) / std::log(2.0);
  for (const eddy::NgramScore& score : eddy::ScoreNgrams(split.train, split.valid, split.format.vocabulary.size())) {
    fmt::print("{:22} {:7.4f} nats a token {:7.4f} bits a token {:7.4f} bits a byte\n", score.Name(), score.nats,
               score.nats / std::log(2.0), score.nats * bits_per_byte);
  }
  fmt::print("{:.2f} s\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
} catch (const std::exception& error) {
  fmt::print(stderr, "ngram: {}\n", error.what());
  return 1;
}
