namespace Microcosm.Generator.Messages;

/// <summary>What one file declares, or what is wrong in it.</summary>
internal sealed class SchemaFile
{
    public List<MessageSchema> Messages { get; } = [];

    /// <summary>The request that a response answers; null for what is no response, or has none here.</summary>
    public MessageSchema? RequestOf(MessageSchema message) =>
        message.ApiKey < 0 || !message.Name.EndsWith("Response", StringComparison.Ordinal) ? null
        : Messages.FirstOrDefault(m => m.ApiKey == message.ApiKey && m.Name.EndsWith("Request", StringComparison.Ordinal));

    /// <summary>Lines count from 0.</summary>
    public List<(int Line, string Text)> Problems { get; } = [];
}
