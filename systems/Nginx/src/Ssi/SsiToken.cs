namespace Microcosm.Nginx;

/// <summary>What <see cref="SsiParser"/> found next.</summary>
internal enum SsiToken
{
    /// <summary>Nothing: the input is used up.</summary>
    None,

    /// <summary>Text that goes out as it is.</summary>
    Text,

    /// <summary>A whole command.</summary>
    Command,

    /// <summary>A whole command that cannot be read; why was logged.</summary>
    Error,
}
