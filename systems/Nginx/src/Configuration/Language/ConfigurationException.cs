namespace Microcosm.Nginx;

/// <summary>A configuration is refused; the message is nginx' own, without severity.</summary>
internal sealed class ConfigurationException(string message) : Exception(message)
{
    private string? _place;

    /// <summary>The directive or variable that nginx has, or might have, and we have not; null where that is not what is wrong.</summary>
    public string? Unserved { get; init; }

    /// <inheritdoc/>
    public override string Message => string.IsNullOrEmpty(_place) ? base.Message : $"{base.Message} in {_place}";

    /// <summary>One that nginx words without naming a place, e.g. what is found after the whole file is read.</summary>
    public static ConfigurationException Unplaced(string message) => new(message) { _place = "" };

    /// <summary>The same, for something that is not there.</summary>
    public static ConfigurationException NotServed(string name, string message) => new(message) { _place = "", Unserved = name };

    /// <summary>Sets where the reader stood, unless it is known or none is to be named.</summary>
    public void Locate(string place) => _place ??= place;
}
