namespace Microcosm.Kafka;

/// <summary>What came of a command, or of a part of one.</summary>
/// <param name="Message">Null: the error's own text.</param>
internal record MetadataResult(KafkaError Error, string? Message = null)
{
    // A text may quote a client's own words, which may be longer than a response can carry.
    private const int TextLengthMax = 1_000;

    /// <summary>What clients are told: null where there is no error.</summary>
    public string? Text => Error == KafkaError.None ? null
        : (Message ?? KafkaErrors.Message(Error)) is { Length: > TextLengthMax } text ? text[..TextLengthMax] + "…" : Message
            ?? KafkaErrors.Message(Error);

    public static MetadataResult Done { get; } = new(KafkaError.None);

    /// <summary>Runs a part of a command; a refusal becomes its result.</summary>
    public static MetadataResult Of(Action change)
    {
        try
        {
            change();
            return Done;
        }
        catch (MetadataRefusal refusal)
        {
            return new MetadataResult(refusal.Error, refusal.Text);
        }
    }
}

/// <summary>Results in the order of the command's parts.</summary>
internal sealed record MetadataResults(IReadOnlyList<MetadataResult> Parts) : MetadataResult(KafkaError.None);

/// <summary>A number that the command gave: a broker's epoch, the first of a block of producer ids.</summary>
internal sealed record NumberResult(long Value) : MetadataResult(KafkaError.None);
