#include <limits>

#include "result/csv.hpp"
#include "sample.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::result;

TEST_CASE("history: a row per evaluation") {
    CHECK(history_csv(sample_result()) ==
          "epoch,worker,elapsed_s,updates,samples,train_loss,test_loss,test_accuracy,energy_J\n"
          "1,shared,1,2,200,0.75,0.5,0.75,150\n"
          "1.5,1,0.9,1,100,0.8,0.6,0.7,140\n");
}

TEST_CASE("history: what there is not is an empty cell") {
    Result result;
    result.history = {{2, std::nullopt, 0.5, 3, 30}};
    result.history[0].train_loss = std::numeric_limits<double>::infinity();
    CHECK(history_csv(result) ==
          "epoch,worker,elapsed_s,updates,samples,train_loss,test_loss,test_accuracy,energy_J\n"
          "2,shared,0.5,3,30,,,,\n");
}

TEST_CASE("updates: a row each with the staleness worked out") {
    CHECK(updates_csv(sample_result()) ==
          "worker,step,version_read,version_applied,staleness\n"
          "0,0,0,0,0\n"
          "1,0,0,1,1\n"
          "0,1,1,2,1\n"
          "1,1,2,12,10\n");
}

TEST_CASE("summary: one row, every number in full") {
    Result result = sample_result();
    result.summary.predicted_messages.reset();
    CHECK(summary_csv(result) ==
          "world,method,workers,outcome,test_loss,test_accuracy,elapsed_s,compute_s,wait_s,transfer_s,"
          "compute_share,wait_share,transfer_share,idle_fraction,hidden_s,hidden_share,samples_computed,"
          "samples_applied,samples_per_s,time_to_target_s,time_to_target_low_s,time_to_target_high_s,"
          "accuracy_at_budget,energy_J,host_energy_J,link_energy_J,energy_to_target_J,"
          "updates,mean_staleness,messages,bytes,predicted_messages,predicted_bytes,cpu_percent,memory_bytes,"
          "memory_percent,parameters_digest,replay,standstill,cpu_and_memory\n"
          "simulated,in-turn,2,finished,0.30000000000000004,0.925,2,1.5,0.25,0.125,0.75,0.125,0.0625,0.375,0."
          "5,0.03125,"
          "400,350,400,1.75,1.6875,1.8125,"
          "0.875,300,290,10,never,4,0.75,8,"
          "18446744073709551615,,"
          "1000,37.5,3145728,0.5,00112233445566778899aabbccddeeff,changed: lr,,predicted\n");
}
