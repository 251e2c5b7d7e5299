// Training by the processes that mpirun starts.
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/program.h"

namespace eddy {
namespace processes_command_test {

class Processes : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (!std::filesystem::exists(EDDY_BINARY_DIR "/eddy_mpi.so") || std::system("command -v mpirun >/dev/null") != 0) {
      GTEST_SKIP() << "no MPI here";
    }
    // Open MPI's: as root in a container, and more processes than cores.
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
    setenv("OMPI_MCA_rmaps_base_oversubscribe", "1", 1);
    setenv("OMPI_MCA_hwloc_base_binding_policy", "none", 1);
    setenv("OMPI_MCA_btl_vader_single_copy_mechanism", "none", 1);  // forbidden in many containers
    WriteData();
  }

  // All tasks, each with options that keep a run short.
  std::vector<std::string> Tasks() const {
    return {"text verses.txt --unroll 8,12 --steps 20 --shards 4",
            "forecast sales.csv --target sold --horizon 3 --steps 6 --shards 4",
            "classify reviews.csv --text text --label label --steps 10 --shards 4", "tag names.conll --steps 10 --shards 4",
            "translate pairs.tsv --steps 10 --shards 4"};
  }

  std::string Command(int processes, const std::string& arguments) const {
    const std::string mpirun = processes > 0 ? "mpirun -n " + std::to_string(processes) + " " : "";
    return "cd " + directory_ + " && " + mpirun + EDDY_BINARY_DIR "/eddy train " + arguments +
           " --hidden 8 --threads 1 --quiet -o m.eddy >out 2>err";
  }

  // The model that so many processes train; 0 for the program by itself.
  std::string Model(int processes, const std::string& arguments) const {
    std::filesystem::remove(Path("m.eddy"));
    EXPECT_EQ(std::system(Command(processes, arguments).c_str()), 0) << ReadAll(Path("err"));
    EXPECT_FALSE(std::filesystem::exists(Path("m.eddy.checkpoint")));
    return ReadAll(Path("m.eddy"));
  }

  // The lines of the program, without mpirun's own.
  std::vector<std::string> Errors() const {
    std::vector<std::string> lines;
    std::ifstream file(Path("err"));
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("eddy: ")) lines.push_back(line);
    }
    return lines;
  }

 private:
  void WriteData() const {
    std::string verses, sales = "sold\n", reviews = "text,label\n", names, pairs;
    for (int i = 0; i < 120; ++i) {
      verses += i % 3 == 0 ? "the cat sat on the mat\n" : "a dog ran to the log\n";
      sales += std::to_string(10 + i * i % 13 + i / 9) + "\n";
      reviews += std::string(i % 2 == 0 ? "a fine" : "a dull") + (i % 3 == 0 ? " film" : " book it was") +
                 (i % 2 == 0 ? ",good\n" : ",bad\n");
      names += std::string(i % 2 == 0 ? "Rosa" : "Karl") + " B-PER\nlives O\nin O\n" + (i % 3 == 0 ? "Lyon" : "Bonn") +
               " B-LOC\n" + (i % 5 == 0 ? "" : ". O\n") + "\n";
      pairs += std::string(1, static_cast<char>('a' + i % 7)) + static_cast<char>('a' + i % 5) + "\t" +
               static_cast<char>('A' + i % 7) + "\n";
    }
    WriteAll(Path("verses.txt"), verses);
    WriteAll(Path("sales.csv"), sales);
    WriteAll(Path("reviews.csv"), reviews);
    WriteAll(Path("names.conll"), names);
    WriteAll(Path("pairs.tsv"), pairs);
  }
};

TEST_F(Processes, one_two_and_four_of_them_write_the_same_model) {
  for (const std::string& task : Tasks()) {
    const std::string alone = Model(0, task);
    EXPECT_FALSE(alone.empty()) << task;
    for (const int processes : {1, 2, 4}) EXPECT_TRUE(Model(processes, task) == alone) << processes << ": " << task;
  }
}

TEST_F(Processes, a_large_batch_needs_no_option_more) {
  const std::string task = "text verses.txt --batch 64 --unroll 32 --steps 6";
  const std::string alone = Model(0, task);
  EXPECT_TRUE(Model(4, task) == alone);
  EXPECT_NE(alone.find("shards\\\":4"), std::string::npos) << "the model says what was chosen";
}

// The weights of the layer fill a bucket, so that they travel while the embedding's gradient is computed.
TEST_F(Processes, gradients_that_travel_during_the_backward_train_the_same_model) {
  const std::string task = "text verses.txt --batch 16 --unroll 16 --embedding 5000 --steps 4 --shards 4";
  const std::string alone = Model(0, task);
  for (const int processes : {2, 3, 4}) EXPECT_TRUE(Model(processes, task) == alone) << processes;
}

TEST_F(Processes, gradients_in_bfloat16_train_another_model_the_same_on_any_number_of_them) {
  const std::string task = "text verses.txt --steps 6 --shards 4";
  const std::string alone = Model(0, task + " --exchange bf16");
  EXPECT_TRUE(Model(2, task + " --exchange bf16") == alone);
  EXPECT_FALSE(Model(0, task) == alone);
}

TEST_F(Processes, bench_reduce_measures_between_them_and_plans_for_more) {
  const auto run = [&](const std::string& command) {
    return std::system(("cd " + directory_ + " && " + command + " >out 2>err").c_str());
  };
  const std::string eddy = EDDY_BINARY_DIR "/eddy bench reduce --weights 100000 --step 200";
  ASSERT_EQ(run("mpirun -n 2 " + eddy + " --json"), 0) << ReadAll(Path("err"));
  const auto json = nlohmann::json::parse(ReadAll(Path("out")));
  EXPECT_EQ(json["processes"], 2);
  EXPECT_EQ(json["exchanges"].front()["bytes"], 8);
  EXPECT_EQ(json["exchanges"].back()["bytes"], 4 << 20);
  for (const auto& exchange : json["exchanges"]) EXPECT_GT(exchange["seconds"], 0);
  EXPECT_GT(json["gradient_seconds"], 0);
  ASSERT_EQ(run("mpirun -n 3 " + eddy), 0) << ReadAll(Path("err"));
  const std::string text = ReadAll(Path("out"));
  for (const char* words :
       {"3 processes", "bytes to each", "A gradient of 100000 weights in float32", "machines", "\n     256 "}) {
    const size_t found = text.find(words);
    EXPECT_NE(found, std::string::npos) << words << " in\n" << text;
    EXPECT_EQ(text.find(words, found + 1), std::string::npos) << "the first alone speaks:\n" << text;
  }
}

TEST_F(Processes, a_job_of_which_one_is_killed_ends_and_goes_on_with_others) {
  const std::string task = "text verses.txt --unroll 8 --steps 6000 --shards 4 --checkpoint-seconds 0.02";
  const std::string never = Model(0, task);
  for (const double seconds : {0.1, 0.3}) {
    std::thread job([&] { EXPECT_NE(std::system(Command(3, task + " --resume").c_str()), 0); });
    for (int i = 0; i < 1000 && !std::filesystem::exists(Path("m.eddy.checkpoint")); ++i) Sleep(0.01);
    Sleep(seconds);
    EXPECT_EQ(std::system(("pkill -9 -n -f '^" EDDY_BINARY_DIR "/eddy train " + task + "'").c_str()), 0);
    job.join();
    EXPECT_NE(std::system(("pgrep -f '^" EDDY_BINARY_DIR "/eddy train " + task + "' >/dev/null").c_str()), 0)
        << "none is left";
    EXPECT_TRUE(std::filesystem::exists(Path("m.eddy.checkpoint")));
  }
  EXPECT_TRUE(Model(2, task + " --resume") == never);
}

TEST_F(Processes, each_of_them_trains_models_of_a_comparison) {
  const auto run = [&](const std::string& mpirun) {
    const std::string command =
        "cd " + directory_ + " && " + mpirun +
        EDDY_BINARY_DIR
        "/eddy compare text verses.txt --models gru,lstm,min_gru --steps 20 --parameters 5000 --threads 1 --json >out 2>err";
    EXPECT_EQ(std::system(command.c_str()), 0) << ReadAll(Path("err"));
    const auto result = nlohmann::json::parse(ReadAll(Path("out")));
    std::vector<double> qualities;
    for (const auto& model : result["models"]) qualities.push_back(model["quality"]);
    return qualities;
  };
  const std::vector<double> alone = run("");
  EXPECT_EQ(alone.size(), 3u);
  EXPECT_EQ(run("mpirun -n 2 "), alone);
  EXPECT_EQ(run("mpirun -n 4 "), alone) << "one has nothing to train";
}

// The disk of one is full: a limit of the size of files, which the first alone writes; the memory of one: a limit of its
// address space.
TEST_F(Processes, the_one_without_memory_or_disk_is_named) {
  const auto limited = [&](int rank, const std::string& limit) {
    WriteAll(Path("limited"), "#!/bin/sh\n[ \"$OMPI_COMM_WORLD_RANK\" = " + std::to_string(rank) + " ] && ulimit " + limit +
                                  "\nexec " EDDY_BINARY_DIR "/eddy \"$@\"\n");
    std::filesystem::permissions(Path("limited"), std::filesystem::perms::owner_all);
    const std::string command =
        "cd " + directory_ +
        " && mpirun -n 2 ./limited train text verses.txt --unroll 8 --steps 20 --shards 4 --hidden 512 "
        "--layers 2 --threads 1 --quiet -o m.eddy >out 2>err";
    EXPECT_NE(std::system(command.c_str()), 0);
    EXPECT_FALSE(std::filesystem::exists(Path("m.eddy")));
    const std::vector<std::string> errors = Errors();
    EXPECT_EQ(errors.size(), 1u) << ReadAll(Path("err"));
    return errors.empty() ? "" : errors[0];
  };
  const auto expect = [](const std::string& error, const std::string& who, const std::string& what) {
    EXPECT_TRUE(error.starts_with("eddy: " + who + " (")) << error;
    EXPECT_NE(error.find(what), std::string::npos) << error;
  };
  expect(limited(0, "-f 64"), "process 1 of 2", "m.eddy.checkpoint");
  expect(limited(0, "-v 220000"), "process 1 of 2", "memory");
  expect(limited(1, "-v 220000"), "process 2 of 2", "memory");
}

TEST_F(Processes, what_is_wrong_is_said_once_and_ends_all) {
  const auto fails = [&](const std::string& arguments, const std::string& part) {
    EXPECT_NE(std::system(Command(2, arguments).c_str()), 0);
    const std::vector<std::string> errors = Errors();
    ASSERT_EQ(errors.size(), 1u) << ReadAll(Path("err"));
    EXPECT_NE(errors[0].find(part), std::string::npos) << errors[0];
    EXPECT_FALSE(std::filesystem::exists(Path("m.eddy")));
  };
  fails("text missing.txt", "missing.txt must be an existing file");
  fails("text verses.txt --batch 3 --shards 4", "--shards must be at most the 3 sequences of a batch");
  fails("text verses.txt --shards 1 --steps 5",
        "the processes must be at most as many as the shards of a batch, 1 (--shards 2 would do)");
}

}  // namespace processes_command_test
}  // namespace eddy
