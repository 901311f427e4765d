namespace Microcosm.Generator.Messages;

/// <summary>What one file declares, or what is wrong in it.</summary>
internal sealed class SchemaFile
{
    public List<MessageSchema> Messages { get; } = [];

    /// <summary>Lines count from 0.</summary>
    public List<(int Line, string Text)> Problems { get; } = [];
}
