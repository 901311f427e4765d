using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>Declares a Redis command, or a subcommand (<c>CONFIG|GET</c>), at the method that carries it out.</summary>
/// <param name="name">Upper case.</param>
/// <param name="arity">Number of arguments, the name included (for a subcommand both names); negative for "at least".</param>
internal sealed class RedisCommandAttribute(string name, int arity) : OperationAttribute(name)
{
    public int Arity { get; } = arity;

    public RedisCommandFlags Flags { get; init; }

    /// <summary>Position of the first key; 0 when there is none.</summary>
    public int FirstKey { get; init; }

    /// <summary>Position of the last key; negative counts from the end.</summary>
    public int LastKey { get; init; }

    /// <summary>Distance from key to key.</summary>
    public int KeyStep { get; init; }

    /// <summary>For <see cref="RedisCommandFlags.MovableKeys"/>: position of the argument that counts the keys, which follow it.</summary>
    public int KeyCountAt { get; init; }

    /// <summary>Position from which options are searched for STORE, whose argument is a key as well; 0 when there is none.</summary>
    public int StoreFrom { get; init; }

    /// <summary>Redis version that introduced it.</summary>
    public string Since { get; init; } = "1.0.0";

    /// <summary>Group in the documentation: <c>string</c>, <c>generic</c>, <c>sorted-set</c> …</summary>
    public string Group { get; init; } = "generic";

    public string Summary { get; init; } = "";

    public string Complexity { get; init; } = "";

    /// <summary>The arguments, for COMMAND DOCS; <see cref="CommandSyntax"/> has the notation.</summary>
    public string Syntax { get; init; } = "";

    /// <summary>What is done with which keys, for COMMAND INFO; <see cref="KeySpecs"/> has the notation.</summary>
    public string Keys { get; init; } = "";

    /// <summary>Hints to clients and proxies, for COMMAND INFO: words with a space between.</summary>
    public string Tips { get; init; } = "";

    /// <summary>The version that deprecated it, a space, what replaces it; empty while it is current.</summary>
    public string Deprecated { get; init; } = "";
}
