set(sources agreement.cpp assembly.cpp command.cpp evaluation.cpp evaluation_schedule.cpp event_recording
        .cpp joint_parameters.cpp journal.cpp learning_curve.cpp machines.cpp network_training.cpp problem
        .cpp program.cpp progress.cpp rank_report.cpp summary.cpp replay /
    order.cpp replay / serial_run.cpp training_losses.cpp)
