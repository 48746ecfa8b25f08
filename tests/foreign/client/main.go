// A client of the embedding stream as another team would write it: the code below knows nothing but what protoc-gen-go and
// protoc-gen-go-grpc make of the published .proto files. It prints one JSON document on standard output.
//
//	client pull FROM [-domain D] [-after ID] [-chunk N] [-stop CHUNKS]
//	client push TO -from FROM [-domain D] [-after ID] [-spoil]
package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"foreign/pb"
)

type pulled struct {
	IDs     []string `json:"ids"`
	Chunks  []int    `json:"chunks"`
	Vectors string   `json:"vectors_sha256"`
	First   []string `json:"first"`
}

type pushed struct {
	Success bool   `json:"success"`
	Total   int32  `json:"total"`
	Stored  int32  `json:"stored"`
	Skipped int32  `json:"skipped"`
	Dead    int32  `json:"dead"`
	Message string `json:"message"`
}

type options struct {
	domain, after, from string
	chunk, stop         int
	spoil               bool
}

func main() {
	if len(os.Args) < 3 {
		fail(errors.New("usage: client pull|push HOST:PORT [options]"))
	}
	var given options
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	flags.StringVar(&given.domain, "domain", "", "recruit or candidate")
	flags.StringVar(&given.after, "after", "", "the last id that is there already")
	flags.StringVar(&given.from, "from", "", "where rows to push are pulled from")
	flags.IntVar(&given.chunk, "chunk", 0, "rows a chunk")
	flags.IntVar(&given.stop, "stop", 0, "leave after so many chunks")
	flags.BoolVar(&given.spoil, "spoil", false, "cut one vector short")
	if err := flags.Parse(os.Args[3:]); err != nil {
		fail(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var answer any
	var err error
	if os.Args[1] == "push" {
		answer, err = push(ctx, os.Args[2], given)
	} else {
		answer, err = summary(ctx, os.Args[2], given)
	}
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func connect(address string) (pb.EmbeddingStreamServiceClient, *grpc.ClientConn, error) {
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)))
	if err != nil {
		return nil, nil, err
	}
	return pb.NewEmbeddingStreamServiceClient(connection), connection, nil
}

// pull calls take with every chunk, and ends early when the options say so.
func pull(ctx context.Context, address string, given options, take func(*pb.RowChunk) error) error {
	client, connection, err := connect(address)
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	stream, err := client.GetEmbeddings(ctx, &pb.StreamEmbeddingRequest{
		LastProcessedUuid: given.after, ChunkSize: int32(given.chunk), Domain: given.domain})
	if err != nil {
		return err
	}
	for count := 0; given.stop == 0 || count < given.stop; count++ {
		chunk, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := take(chunk); err != nil {
			return err
		}
	}
	return nil
}

func summary(ctx context.Context, address string, given options) (pulled, error) {
	result := pulled{IDs: []string{}, Chunks: []int{}, First: []string{}}
	digest := sha256.New()
	err := pull(ctx, address, given, func(chunk *pb.RowChunk) error {
		result.Chunks = append(result.Chunks, len(chunk.Rows)+len(chunk.Candidates))
		for _, row := range chunk.Rows {
			if len(result.IDs) == 0 {
				result.First = []string{row.CompanyName, row.PrimaryKeyword, row.EnglishLevel, fmt.Sprint(row.ExpYears)}
			}
			result.IDs = append(result.IDs, row.Id)
			digest.Write(numbers(row.Vector))
		}
		for _, row := range chunk.Candidates {
			if len(result.IDs) == 0 {
				result.First = append([]string{row.Name, fmt.Sprint(row.ExperienceYears)}, row.Skills...)
			}
			result.IDs = append(result.IDs, row.Id)
			digest.Write(numbers(row.Vector))
		}
		return nil
	})
	result.Vectors = hex.EncodeToString(digest.Sum(nil))
	return result, err
}

func push(ctx context.Context, address string, given options) (pushed, error) {
	client, connection, err := connect(address)
	if err != nil {
		return pushed{}, err
	}
	defer connection.Close()
	upload, err := client.UploadEmbeddings(ctx)
	if err != nil {
		return pushed{}, err
	}
	spoil := given.spoil
	err = pull(ctx, given.from, given, func(chunk *pb.RowChunk) error {
		if spoil && len(chunk.Rows) > 0 {
			spoil = false
			chunk.Rows[0].Vector = chunk.Rows[0].Vector[:len(chunk.Rows[0].Vector)-1]
		}
		return upload.Send(chunk)
	})
	if err != nil {
		return pushed{}, err
	}
	answer, err := upload.CloseAndRecv()
	if err != nil {
		return pushed{}, err
	}
	return pushed{answer.Success, answer.TotalRows, answer.StoredRows, answer.SkippedRows,
		answer.DeadLetteredRows, answer.Message}, nil
}

func numbers(vector []float32) []byte {
	bytes := make([]byte, 0, 4*len(vector))
	for _, number := range vector {
		bytes = binary.LittleEndian.AppendUint32(bytes, math.Float32bits(number))
	}
	return bytes
}
