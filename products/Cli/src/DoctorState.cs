namespace Microcosm.Cli;

/// <summary>How a thing is that the doctor looked at.</summary>
internal enum DoctorState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Something is missing that a world does without.</summary>
    Warning,

    /// <summary>No world can run.</summary>
    Failed,
}
