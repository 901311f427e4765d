namespace Microcosm.Cli;

/// <summary>What the doctor found of one thing.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="State">How it is.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Advice">What to do about it, where there is something.</param>
internal sealed record DoctorCheck(string Name, DoctorState State, string Detail, string Advice = "");
