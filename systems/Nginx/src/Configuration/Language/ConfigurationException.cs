namespace Microcosm.Nginx;

/// <summary>A configuration is refused; the message is nginx' own, without place and severity.</summary>
internal sealed class ConfigurationException(string message) : Exception(message)
{
    /// <summary>True once " in FILE:LINE" is part of the message, or where nginx names no place.</summary>
    public bool IsPlaced { get; init; }

    /// <summary>False for the few refusals that nginx words without naming the file, e.g. those found after the whole file is read.</summary>
    public static ConfigurationException Unplaced(string message) => new(message) { IsPlaced = true };
}
