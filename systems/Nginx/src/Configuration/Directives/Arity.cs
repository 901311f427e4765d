namespace Microcosm.Nginx;

/// <summary>How many arguments a directive takes.</summary>
internal readonly record struct Arity(int Min, int Max)
{
    public static Arity None { get; } = new(0, 0);

    public static Arity One { get; } = new(1, 1);

    public static Arity Two { get; } = new(2, 2);

    public static Arity Three { get; } = new(3, 3);

    public static Arity OneOrTwo { get; } = new(1, 2);

    public static Arity TwoOrThree { get; } = new(2, 3);

    public static Arity OneToThree { get; } = new(1, 3);

    public static Arity OneToFour { get; } = new(1, 4);

    public static Arity UpToOne { get; } = new(0, 1);

    public static Arity UpToTwo { get; } = new(0, 2);

    public static Arity OneOrMore { get; } = new(1, int.MaxValue);

    public static Arity TwoOrMore { get; } = new(2, int.MaxValue);

    public bool Admits(int arguments) => arguments >= Min && arguments <= Max;
}
