// SPDX-License-Identifier: GPL-3.0-or-later

// kaddons holds what a bare Kubernetes lacks for a test cluster, in one program;
// the name it is started by picks the part:
//   - coredns: CoreDNS with the plugins of a usual cluster
//   - metrics-server: metrics.k8s.io
//   - test-controllers: a small Ingress controller and a hostPath provisioner
//   - registry: hands the images of images.sh to containerd
//   - kwok: fake nodes for tests of scale
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/log"
	_ "github.com/coredns/coredns/plugin/loop"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/reload"
	"github.com/spf13/pflag"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	metrics "sigs.k8s.io/metrics-server/cmd/metrics-server/app"

	nodefast "sigs.k8s.io/kwok/kustomize/stage/node/fast"
	nodelease "sigs.k8s.io/kwok/kustomize/stage/node/heartbeat-with-lease"
	podfast "sigs.k8s.io/kwok/kustomize/stage/pod/fast"
	kwokconfig "sigs.k8s.io/kwok/pkg/config"
	kwok "sigs.k8s.io/kwok/pkg/kwok/cmd"
	kwoklog "sigs.k8s.io/kwok/pkg/log"
)

func main() {
	switch n := filepath.Base(os.Args[0]); n {
	case "coredns":
		coremain.Run()
	case "metrics-server":
		if err := metrics.NewMetricsServerCommand(genericapiserver.SetupSignalHandler()).Execute(); err != nil {
			log.Fatal(err)
		}
	case "test-controllers":
		controllers()
	case "registry":
		registry()
	case "kwok":
		runKwok()
	case "kwok-stages": // kwok's own life cycles of nodes and pods, for its --config
		for _, y := range []string{nodefast.DefaultNodeInit, nodelease.DefaultNodeHeartbeatWithLease, podfast.DefaultPodReady, podfast.DefaultPodComplete, podfast.DefaultPodDelete} {
			fmt.Printf("---\n%s\n", y)
		}
	default:
		fmt.Fprintf(os.Stderr, "kaddons: no part is called %q\n", n)
		os.Exit(2)
	}
}

func controllers() {
	kubeconfig := flag.String("kubeconfig", "", "kubeconfig; empty: in-cluster")
	inHTTP := flag.String("ingress-http", ":80", "ingress HTTP address")
	inHTTPS := flag.String("ingress-https", ":443", "ingress HTTPS address")
	inClass := flag.String("ingress-class", "test", "the IngressClass served")
	inStatus := flag.String("ingress-status-ip", "127.0.0.1", "address written to Ingress status")
	inPorts := flag.String("ingress-status-ports", "", "ports written to Ingress status, that for HTTP first: 80,443")
	volumes := flag.String("volumes", "", "folder of the provisioned volumes; empty: no provisioner")
	health := flag.String("health", ":8080", "health address")
	flag.Parse()

	cfg, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Fatal(err)
	}
	cs, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		log.Fatal(err)
	}
	ctx := genericapiserver.SetupSignalContext()
	f := informers.NewSharedInformerFactory(cs, 10*time.Minute)
	serve := newIngress(cs, f, *inClass, *inHTTP, *inHTTPS, servedAt(*inStatus, *inPorts))
	f.Start(ctx.Done())
	f.WaitForCacheSync(ctx.Done())
	serve()
	if *volumes != "" {
		go provision(ctx, cs, *volumes)
	}
	log.Printf("caches in sync, serving")
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ok") })
	go func() { log.Fatal(http.ListenAndServe(*health, nil)) }()
	<-ctx.Done()
}

func runKwok() {
	fs := pflag.NewFlagSet("global", pflag.ContinueOnError)
	fs.ParseErrorsAllowlist.UnknownFlags = true
	fs.Usage = func() {}
	ctx, _ := kwoklog.InitFlags(genericapiserver.SetupSignalContext(), fs)
	ctx, err := kwokconfig.InitFlags(ctx, fs)
	if err != nil {
		log.Fatal(err)
	}
	cmd := kwok.NewCommand(ctx)
	cmd.PersistentFlags().AddFlagSet(fs)
	if err := cmd.ExecuteContext(ctx); err != nil {
		log.Fatal(err)
	}
}
