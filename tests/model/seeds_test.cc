// The fuzzers' valid seeds are read: a format that changes without them would leave the fuzzers at the door.
#include "eddy/convert.h"
#include "eddy/converted_chain.h"
#include "model/model_file.h"
#include "model/temporary_directory.h"
#include "train/checkpoint.h"
#include "train/training_state.h"

namespace eddy {
namespace seeds_test {

const std::string kCorpus = EDDY_SOURCE_DIR "/tests/fuzz/corpus/";

TEST(Seeds, the_valid_model_is_read) { EXPECT_EQ(LoadModel(kCorpus + "model/valid").tensors.size(), 2u); }

TEST(Seeds, the_valid_layers_are_read) { EXPECT_EQ(ReadLayers(kCorpus + "layers/valid").layers.size(), 2u); }

TEST(Seeds, the_chain_is_read) { EXPECT_EQ(ConvertedChain::Load(kCorpus + "layers/chain").links().size(), 5u); }

TEST(Seeds, the_valid_checkpoint_is_read) {
  const Checkpoint checkpoint = LoadCheckpoint(kCorpus + "checkpoint/valid");
  EXPECT_EQ(TrainingStateFromJson(checkpoint.state).history.validation.size(), 2u);
}

}  // namespace seeds_test
}  // namespace eddy
