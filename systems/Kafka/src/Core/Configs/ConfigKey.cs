using System.Globalization;

namespace Microcosm.Kafka;

/// <summary>One configuration that a topic or a broker can have (Kafka's ConfigDef.ConfigKey).</summary>
/// <param name="Default">Null if it has no value unless set.</param>
/// <param name="Documentation">What DescribeConfigs says about it.</param>
internal sealed record ConfigKey(string Name, ConfigType Type, string? Default, string Documentation)
{
    /// <summary>The least number; of numbers only.</summary>
    public double Low { get; init; } = double.NegativeInfinity;

    public double High { get; init; } = double.PositiveInfinity;

    /// <summary>Empty if any text will do.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>A choice may be written in any case.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>Of a broker's; a topic's can always be changed.</summary>
    public ConfigUpdate Update { get; init; }

    /// <summary>The broker knows it of itself, so that nobody sets it.</summary>
    public bool IsFact { get; init; }

    /// <summary>Its value is told to nobody.</summary>
    public bool IsSensitive => Type == ConfigType.Password;

    /// <summary>Null if it may have the value; else Kafka's words.</summary>
    public string? WhyInvalid(string value) =>
        WhyNot(value.Trim()) is { } why ? $"Invalid value {value} for configuration {Name}: {why}" : null;

    /// <summary>The items of a list's value.</summary>
    public static string[] Items(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static ConfigKey Int(string name, string? value, double low, string doc, double high = int.MaxValue) =>
        new(name, ConfigType.Int, value, doc) { Low = low, High = high };

    public static ConfigKey Long(string name, string? value, double low, string doc) =>
        new(name, ConfigType.Long, value, doc) { Low = low };

    public static ConfigKey Double(string name, string value, double low, double high, string doc) =>
        new(name, ConfigType.Double, value, doc) { Low = low, High = high };

    public static ConfigKey Flag(string name, string value, string doc) => new(name, ConfigType.Boolean, value, doc);

    public static ConfigKey Text(string name, string? value, string doc, params string[] choices) =>
        new(name, ConfigType.String, value, doc) { Choices = choices };

    public static ConfigKey List(string name, string? value, string doc, params string[] choices) =>
        new(name, ConfigType.List, value, doc) { Choices = choices };

    public ConfigKey ForOneBroker() => this with { Update = ConfigUpdate.PerBroker };

    public ConfigKey ForAllBrokers() => this with { Update = ConfigUpdate.ClusterWide };

    public ConfigKey AsFact() => this with { IsFact = true };

    private string? WhyNot(string value) => Type switch
    {
        ConfigType.Boolean => value is "true" or "false" ? null : "Expected value to be either true or false",
        ConfigType.Short => short.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? OutOfRange(number) : "Not a number of type SHORT",
        ConfigType.Int => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? OutOfRange(number) : "Not a number of type INT",
        ConfigType.Long => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? OutOfRange(number) : "Not a number of type LONG",
        ConfigType.Double => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? OutOfRange(number) : "Not a number of type DOUBLE",
        ConfigType.List => Items(value).All(IsChoice) ? null : NoChoice,
        _ => IsChoice(value) ? null : NoChoice,
    };

    private string? OutOfRange(double number) =>
        double.IsNaN(number) ? "Not a number of type DOUBLE"
        : number < Low ? FormattableString.Invariant($"Value must be at least {Low}")
        : number > High ? FormattableString.Invariant($"Value must be no more than {High}")
        : null;

    private bool IsChoice(string value) => Choices.Count == 0
        || Choices.Contains(value, IgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private string NoChoice => $"String must be one of{(IgnoresCase ? " (case insensitive)" : "")}: {string.Join(", ", Choices)}";
}
